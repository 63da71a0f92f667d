import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { RuleFormatError } from "../src/error.js";
import { holds } from "../src/evaluate.js";
import { mappingChecksum, parseMapping, ReferenceRules } from "../src/mapping.js";
import { parseAssignments, parseExpression } from "../src/python.js";
import { sha1Hex } from "../src/sha1.js";
import { literal, plain, repr } from "../src/value.js";

const value = (text: string) => plain(literal(parseExpression(text, "x"), "x"));

describe("literals", () => {
  it.each<[string, unknown]>([
    [`'a' "b" '''c\n"d'''`, 'abc\n"d'],
    [String.raw`'it\'s \x41\u00e9\101\n\q'`, "it's Aé" + "A\n\\q"],
    [String.raw`r'\d'`, "\\d"],
    ["(1, -2.5, 1e3, 1_000)", [1, -2.5, 1000, 1000]],
    ["()", []],
    ["('a')", "a"],
    ["('a',)", ["a"]],
    ["[True, False, None,]", [true, false, null]],
    ["{'a' : {1: 'b'}, # comment\n 'c': (),}", { a: { 1: "b" }, c: [] }],
  ])("%s", (text, wanted) => {
    expect(value(text)).toEqual(wanted);
  });

  it("are written as Python writes them", () => {
    const text = `{'a': ['x', "it's", 'both\\'"'], 'b': (1, 2.0, 1e-05, 1e+16), 'c': (None,), 'd': True}`;
    expect(repr(literal(parseExpression(text, "x"), "x"))).toBe(text);
    expect(repr({ a: [1.5, null], b: "x\ny" })).toBe("{'a': [1.5, None], 'b': 'x\\ny'}");
  });
});

describe("expressions", () => {
  const variable = (name: string) => ({ META_A: "X", META_B: "2.0" })[name];
  it.each<[string, boolean]>([
    ["META.A == 'X'", true],
    ["META_A != 'X' or META.B in ('1.0', '2.0')", true],
    ["not META.A in ['Y'] and 'Z' not in META.A", true],
    ["1 < 2 < 3", true],
    ["1 < 3 < 2", false],
    ["(META.A + 'Y') == 'XY'", true],
    ["7 // 2 == 3 and -7 % 3 == 2 and 7 / 2 == 3.5", true],
    ["'' if META.A == 'X' else 'yes'", false],
    ["()", false],
    ["META.A, META.B", true],
    ["True == 1", true],
  ])("%s", (text, wanted) => {
    expect(holds(parseExpression(text, "x", true), variable)).toBe(wanted);
  });

  it.each(["NOSUCH", "META.A < 1", "META.A - 1", "1 / 0", "{'a': 1}", "'a' in 3"])("%s fails", (text) => {
    expect(() => holds(parseExpression(text, "x", true), variable)).toThrow(/./);
  });
});

describe("what is no mapping is refused, with its name and line", () => {
  const header = "header = {'parkey': (('META.A',),), 'sha1sum': 'x'}\n";
  it.each<[string, RegExp]>([
    ["", /has no header/],
    [header, /has no selector/],
    [`${header}selector = Match({'A' : 'a.fits'`, /r\.rmap, line 2: found the end/],
    [`${header}selector = Match({'A' : open('x')})`, /"open" stands where one of Match/],
    [`${header}selector = Match({'A' : a.b})`, /unexpected "\."/],
    [`${header}selector = Match({'A' : a[0]})`, /line 2/],
    [`${header}selector = lambda: 1`, /line 2/],
    [`${header}import os`, /line 2: found "os", wanted "="/],
    [`${header}x = 1\nselector = Match({})`, /"x" may not be defined/],
    [`${header}selector = Match({'A' : 'a.fits', 'A' : 'b.fits'})`, /has the key 'A' twice/],
    [`${header}selector = Match({('A', 'B') : 'a.fits'})`, /not one element for each of META\.A/],
    [`${header}selector = Match({'A' : UseAfter({'2020-01-01 00:00:00' : 'a.fits'})})`, /nested deeper than parkey/],
    [`${header}selector = Match({'(' + ')' : 'a.fits'})`, /where a value has to be/],
    [`${header}selector = Match({'([)' : 'a.fits'})`, /no regular expression/],
    [`${header}selector = Match({'A' : 3})`, /neither a file name nor several/],
    [`${header}selector = {'A' : 'a.fits'}`, /a dict stands where/],
    [`${header}selector = Match({'A' : ${"(".repeat(500)}`, /nested too deeply/],
    [`header = 'a'\nselector = Match({})`, /header is not a dict/],
    ["header = 'a\n", /a string without an end/],
  ])("%s", (text, message) => {
    const load = () => new ReferenceRules(parseMapping(text, "r.rmap", false));
    expect(load).toThrow(RuleFormatError);
    expect(load).toThrow(message);
    expect(load).toThrow(/r\.rmap|key element/);
  });
});

it("checksums are those of the reference client", () => {
  const path = new URL("./fixtures/mappings/jwst/jwst_nircam_flat_9001.rmap", import.meta.url);
  const text = readFileSync(path, "utf8");
  expect(mappingChecksum(text)).toBe("3cf9045a888ddf5ce78ac48db0e73e9146df87fd");
  expect(parseAssignments(text, "x").has("selector")).toBe(true);
  for (const n of [0, 1, 55, 56, 63, 64, 65, 1000]) {
    const data = Uint8Array.from({ length: n }, (_, i) => i * 7);
    expect(sha1Hex(data)).toBe(createHash("sha1").update(data).digest("hex"));
  }
});
