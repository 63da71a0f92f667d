import { formatValue, mergeObjects, parseConfig, parseValue, toObject, writeConfig } from "@calwebb/stpipe";
import { expect, test } from "vitest";

test.each([
  ["20", "20", ""],
  ["  a b  ", "a b", ""],
  ['"a, b" # note', "a, b", "# note"],
  ["'it is'", "it is", ""],
  ["1, 2 ,3", ["1", "2", "3"], ""],
  ["20,", ["20"], ""],
  ['"a,b",', ["a,b"], ""],
  ["1, 2,", ["1", "2"], ""],
  [",", [], ""],
  ["", "", ""],
  ["# only a comment", "", "# only a comment"],
  ["$HOME %(x)s", "$HOME %(x)s", ""],
  ['"ds9 {0}",', ["ds9 {0}"], ""],
])("reads the value %s", (text, value, comment) => {
  expect(parseValue(text)).toEqual({ value, comment });
});

test.each(['"open', "'a' b", "1,,2", ",1"])("refuses the value %s", (text) => {
  expect(() => parseValue(text)).toThrow("cannot read the value");
});

test.each([
  [["a"]],
  [[]],
  [["a, b", "c"]],
  ["plain"],
  ["with # hash"],
  [' "quoted" '],
  ["two\nlines"],
  [""],
  ["it's"],
])("reads back what it writes: %j", (value) => {
  const section = parseConfig(`x = ${formatValue(value)}\n`);
  expect(toObject(section)).toEqual({ x: value });
});

const TEXT = `# at the start
name = "Detector1Pipeline"
class = 'jwst.pipeline.Detector1Pipeline'   # the class
[steps]
  # about jump
  [[jump]]
    rejection_threshold = 4.0
    post_hooks = "ds9 {0}",
  [["refpix"]]
    config_file = refpix.cfg
text = """one
two"""
[other]
empty =
# the end
`;

test("reads sections, quotes, lists, comments, several lines", () => {
  const section = parseConfig(TEXT.replace("text =", "  text ="));
  expect(toObject(section)).toEqual({
    name: "Detector1Pipeline",
    class: "jwst.pipeline.Detector1Pipeline",
    steps: {
      jump: { rejection_threshold: "4.0", post_hooks: ["ds9 {0}"] },
      refpix: { config_file: "refpix.cfg", text: "one\ntwo" },
    },
    other: { empty: "" },
  });
  expect(section.inline.get("class")).toBe("# the class");
  expect(section.comments.get("name")).toEqual(["# at the start"]);
  expect(section.final).toEqual(["# the end"]);
  expect(toObject(parseConfig(writeConfig(section)))).toEqual(toObject(section));
  expect(writeConfig(section)).toContain("# about jump");
});

test("Windows line ends and a byte order mark are no obstacle", () => {
  expect(toObject(parseConfig("\uFEFFa = 1\r\n[s]\r\nb = 2\r\n"))).toEqual({ a: "1", s: { b: "2" } });
});

test.each([
  ["a = 1\na = 2", "line 2: a is there twice"],
  ["[s]\n[s]", "line 2: s is there twice"],
  ["[[s]]", "line 1: section s is nested too deep"],
  ["[s]]", "line 1: the brackets"],
  ["just words", 'line 1: "just words" is neither'],
  ['a = """one\ntwo', "does not end"],
  ["\n\na = 'x", "line 3: cannot read the value"],
])("says where a file is wrong: %j", (text, message) => {
  expect(() => parseConfig(text, { file: "f.cfg" })).toThrow(message);
  expect(() => parseConfig(text, { file: "f.cfg" })).toThrow("f.cfg, line");
});

test("merging lets later values win and changes nothing given", () => {
  const a = { x: "1", s: { y: "2", z: "3" } };
  const b = { s: { z: "4" }, x: undefined };
  expect(mergeObjects(a, b)).toEqual({ x: "1", s: { y: "2", z: "4" } });
  expect(a).toEqual({ x: "1", s: { y: "2", z: "3" } });
});
