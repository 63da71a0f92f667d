import * as p from "@calwebb/stpipe";
import { coerce, formatCheck, parseCheck, parseSpec, resolveParams, suggest } from "@calwebb/stpipe";
import { expect, test } from "vitest";
import { ScaleStep } from "./fixtures.js";

const help = "h";
test.each([
  [p.float({ help }), "1.5", 1.5],
  [p.float({ help }), "1e-3", 0.001],
  [p.float({ help }), "-.5", -0.5],
  [p.float({ help }), "inf", Number.POSITIVE_INFINITY],
  [p.float({ help }), "None", null],
  [p.float({ help }), null, null],
  [p.integer({ help }), " 12 ", 12],
  [p.integer({ help }), "1_000", 1000],
  [p.boolean({ help }), "Yes", true],
  [p.boolean({ help }), "off", false],
  [p.boolean({ help }), 1, true],
  [p.string({ help }), "text", "text"],
  [p.option(["a", "b"], { default: "a", help }), "b", "b"],
  [p.intList({ help }), ["1", "2"], [1, 2]],
  [p.floatList({ help }), Float64Array.of(1, 2.5), [1, 2.5]],
  [p.boolList({ help }), ["true", "0"], [true, false]],
  [p.stringList({ help }), ["a"], ["a"]],
  [p.forceList({ help }), "a", ["a"]],
  [p.list({ help }), ["a", 1], ["a", 1]],
  [p.outputFile({ help }), "x.fits", "x.fits"],
])("reads value %#", (param, given, value) => {
  expect(coerce("x", given, param)).toEqual(value);
});

test.each([
  [p.float({ help, min: 0 }), "-1", 'parameter x: got "-1", wanted a number (at least 0)'],
  [p.float({ help }), "abc", 'parameter x: got "abc", wanted a number'],
  [p.float({ help }), "1.2.3", 'parameter x: got "1.2.3", wanted a number'],
  [p.integer({ help }), "2.5", 'parameter x: got "2.5", wanted a whole number'],
  [p.integer({ help, max: 3 }), 4, "parameter x: got 4, wanted a whole number (at most 3)"],
  [p.boolean({ help }), "maybe", 'parameter x: got "maybe", wanted true or false'],
  [p.string({ help, min: 2 }), "a", 'parameter x: got "a", wanted a string of (at least 2) characters'],
  [p.string({ help }), 3, "parameter x: got 3, wanted a string"],
  [p.option(["a", "b"], { default: "a", help }), "c", 'parameter x: got "c", wanted one of a, b'],
  [
    p.intList({ help, min: 2, max: 2 }),
    ["1"],
    'parameter x: got ["1"], wanted a list of whole numbers (exactly 2) values',
  ],
  [p.intList({ help }), "1", 'parameter x: got "1", wanted a list of whole numbers'],
  [p.floatList({ help }), ["a"], 'parameter x: got "a", wanted a number'],
])("refuses value %#", (param, given, message) => {
  expect(() => coerce("x", given, param)).toThrow(message);
});

test("defaults are filled in and not shared", () => {
  const specs = { a: p.float({ default: 2, help }), l: p.list({ default: [], help }) };
  const one = resolveParams(specs, {}, "s");
  const two = resolveParams(specs, { a: "3" }, "s");
  expect([one, two]).toEqual([
    { a: 2, l: [] },
    { a: 3, l: [] },
  ]);
  expect(one["l"]).not.toBe(two["l"]);
});

test("unknown names are refused with a suggestion", () => {
  expect(() => resolveParams({ factor: p.float({ help }) }, { facter: 1 }, "scale")).toThrow(
    'scale has no parameter "facter"; did you mean factor?',
  );
  expect(suggest("zzzzzz", ["factor"])).toBeUndefined();
});

test.each([
  ["integer(min=1, default=3)", { type: "integer", min: 1, default: 3 }],
  ["float(0.0, 1.0, default=0.5)", { type: "float", min: 0, max: 1, default: 0.5 }],
  ["boolean(default=True)", { type: "boolean", default: true }],
  ["string(default=None)", { type: "string", default: null }],
  ["string(default='a, b')", { type: "string", default: "a, b" }],
  ['option("x", "y", None, default="x")', { type: "option", options: ["x", "y", null], default: "x" }],
  ["float_list(min=2, max=3, default=list(1, 2.5))", { type: "float_list", min: 2, max: 3, default: [1, 2.5] }],
  ["list(default=list())", { type: "list", default: [] }],
  ["input_file()", { type: "input_file", required: true }],
])("reads the check %s", (text, wanted) => {
  expect(parseCheck("x", text, "h")).toMatchObject(wanted);
});

test.each([
  "nothing(default=1)",
  "float(default=a)",
  "float(mim=1)",
  "float(min=a, default=1)",
  "integer(3",
])("refuses the check %s", (text) => {
  expect(() => parseCheck("x", text)).toThrow(/^(parameter )?x: /);
});

test("a configspec reads back what it prints", () => {
  for (const param of [
    p.float({ default: 4, min: 0, help }),
    p.integer({ help }),
    p.option(["a", null], { default: null, help }),
    p.floatList({ default: [1, 2], min: 2, help }),
    p.string({ default: "x y", help }),
  ])
    expect(parseCheck("x", formatCheck(param), help)).toEqual(param);
  expect(formatCheck(p.float({ default: 4, min: 0, help }))).toBe("float(min=0, default=4.0)");
});

test("third parties may declare parameters as a configspec", () => {
  const spec = parseSpec(`
    threshold = float(default=5.0, min=0)  # Threshold [sigma]
    mode = option('fast', 'exact', default='fast') # How
  `);
  expect(Object.keys(spec)).toEqual(["threshold", "mode"]);
  expect(spec["threshold"]).toMatchObject({ default: 5, min: 0, help: "Threshold [sigma]" });
});

test("stspec lists base, own and override parameters", () => {
  const lines = p.formatSpec(ScaleStep).trimEnd().split("\n");
  expect(lines[0]).toMatch(/^pre_hooks = list\(default=list\(\)\) # /);
  expect(lines).toContain("factor = float(min=0, default=2.0) # Factor");
  expect(lines.at(-1)).toMatch(/^override_gain = is_string_or_datamodel\(default=None\) # /);
});
