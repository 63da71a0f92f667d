import { expect, test } from "vitest";
import { parseArgs, parseCores, parseSize } from "../src/strun/args.js";

test("takes a command line apart", () => {
  const argv = [
    "jump",
    "x.fits",
    "--a=1",
    "--b",
    "2",
    "--steps.jump.skip=true",
    "y",
    "--cores=4",
    "-v",
    "--plugin=p",
    "--plugin",
    "q",
  ];
  expect(parseArgs(argv)).toEqual({
    target: "jump",
    inputs: ["x.fits", "y"],
    parameters: [
      ["a", "1"],
      ["b", "2"],
      ["steps.jump.skip", "true"],
    ],
    options: { cores: "4", verbose: true },
    plugins: ["p", "q"],
  });
});

test("options may come first, values may hold = or be negative, -- ends options", () => {
  expect(parseArgs(["-h", "jump"])).toMatchObject({ target: "jump", options: { help: true } });
  expect(parseArgs(["j", "--a=b=c", "--n", "-5", "--e=", "--", "--x"])).toMatchObject({
    parameters: [
      ["a", "b=c"],
      ["n", "-5"],
      ["e", ""],
    ],
    inputs: ["--x"],
  });
});

test.each([
  [["j", "--a"], "--a needs a value"],
  [["j", "--a", "--b=1"], "--a needs a value"],
  [["j", "--quiet=1"], "--quiet takes no value"],
  [["j", "-z"], "there is no option -z"],
  [["j", "--verbos"], "did you mean --verbose?"],
])("refuses %j", (argv, message) => {
  expect(() => parseArgs(argv)).toThrow(message);
});

test.each([
  ["512M", 512 * 1024 ** 2],
  ["1.5G", 1.5 * 1024 ** 3],
  ["4GB", 4 * 1024 ** 3],
  ["2GiB", 2 * 1024 ** 3],
  ["1000", 1000],
  ["2k", 2048],
])("reads the size %s", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(["", "much", "-1G", "0"])("refuses the size %j", (text) => {
  expect(() => parseSize(text)).toThrow("wanted a size such as 800M or 4G");
});

test("cores are a whole number from 1", () => {
  expect(parseCores("2")).toBe(2);
  for (const text of ["0", "1.5", "x", "-1"]) expect(() => parseCores(text)).toThrow("wanted a whole number from 1");
});
