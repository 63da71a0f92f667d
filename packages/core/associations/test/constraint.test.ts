import { describe, expect, it } from "vitest";
import {
  type AnyConstraint,
  AssociationPool,
  AssociationRegistry,
  AttrConstraint,
  all,
  any,
  Constraint,
  defineRule,
  grow,
  is,
  ListCategory,
  matchesPattern,
  notAll,
  notAny,
  SimpleConstraint,
  same,
  sameIfAny,
  when,
} from "../src/index.js";

const ruleOf = (...parts: AnyConstraint[]) => defineRule({ name: "Asn_Test", constraints: all(...parts) });

/** The members of the associations that rows grow into, as numbers of rows. */
function groups(constraint: AnyConstraint | AnyConstraint[], rows: Record<string, unknown>[]): number[][] {
  const rule = ruleOf(...(Array.isArray(constraint) ? constraint : [constraint]));
  const pool = AssociationPool.from(rows.map((r, i) => ({ filename: `f${i}`, program: "1", ...r })));
  const registry = new AssociationRegistry({ definitions: [[rule]] });
  return grow(pool.rows, registry).map((a) => a.members.map((m) => Number(m.expname.slice(1))));
}

describe("attribute constraints", () => {
  it("narrow to the value of the first member", () => {
    expect(groups(same("filter", "filter"), [{ filter: "A" }, { filter: "b" }, { filter: "a" }])).toEqual([
      [0, 2],
      [1],
    ]);
  });

  it("leave out rows without a required value, whatever the word for none", () => {
    expect(
      groups(same("f", "f"), [{ f: null }, { f: "NULL" }, { f: "F" }, { f: "N/A" }, { f: "--" }, { f: "" }]),
    ).toEqual([]);
  });

  it("take rows without a value that is not required, and fix it later", () => {
    const rows = [{ p: "1" }, { f: "a", p: "1" }, { f: "b", p: "1" }, { p: "1" }];
    expect(groups([same("p", "p"), sameIfAny("f", "f")], rows)).toEqual([
      [0, 1, 3],
      [2, 3],
    ]);
  });

  it("use the first column that is given, and stay with it", () => {
    const rows = [{ grating: "g" }, { pupil: "g" }, { pupil: "x", grating: "g" }];
    expect(groups(same("e", "pupil", "grating"), rows)).toEqual([[0, 2], [1]]);
  });

  it("match patterns from the start; only the last alternative is anchored at its end", () => {
    expect(matchesPattern("WFSC", "wfsc")).toBe(true);
    expect(matchesPattern("a_wfsc", "wfsc")).toBe(false);
    expect(matchesPattern("nrc_image2", "nrc_image|nis_image")).toBe(true);
    expect(matchesPattern("nis_image2", "nrc_image|nis_image")).toBe(false);
    expect(groups(is("t", "x|y"), [{ t: "x" }, { t: "y" }, { t: "z" }, { t: "x" }])).toEqual([[0, 3], [1]]);
  });

  it("let members differ with forceUnique false", () => {
    const mixed = new AttrConstraint({ name: "t", sources: ["t"], value: "x|y", forceUnique: false });
    expect(groups(mixed, [{ t: "x" }, { t: "y" }])).toEqual([[0, 1]]);
  });

  it("want a column to be undefined with forceUndefined", () => {
    const none = new AttrConstraint({ sources: ["imprint"], forceUndefined: true });
    expect(
      groups(
        [same("p", "p"), none],
        [
          { p: "1", imprint: "t" },
          { p: "1", imprint: "f" },
        ],
      ),
    ).toEqual([[1]]);
  });

  it("apply only to some rows with onlyIf", () => {
    const target = new AttrConstraint({ name: "t", sources: ["t"], onlyIf: (row) => row.get("kind") === "science" });
    const rows = [
      { t: "1", kind: "science" },
      { t: "2", kind: "psf" },
      { t: "2", kind: "science" },
    ];
    // The reference joins the first target; it would join the second if it were offered again.
    expect(groups(target, rows)).toEqual([[0, 1], [2]]);
  });
});

describe("lists", () => {
  const listed = new AttrConstraint({ name: "c", sources: ["c"], evaluate: true });

  it("are looked at one element at a time", () => {
    const rows = [{ c: "['a', 'b']" }, { c: "['b']" }, { c: "['c', 'a']" }, { c: "d" }];
    const found = groups(listed, rows).map((g) => g.join());
    expect(found.sort()).toEqual(["0,1", "0,2", "2", "3"]);
  });

  it("with a pattern give the element that matches", () => {
    const one = new AttrConstraint({ name: "c", sources: ["c"], evaluate: true, value: ".*(b).*", forceUnique: false });
    expect(groups(one, [{ c: "['a', 'b']" }, { c: "['c']" }])).toEqual([[0]]);
  });
});

describe("reducers", () => {
  const a = () => new AttrConstraint({ sources: ["a"], value: "t" });
  const b = () => new AttrConstraint({ sources: ["b"], value: "t" });
  const rows = [
    { a: "t", b: "t" },
    { a: "t", b: "x" },
    { a: "x", b: "x" },
  ];
  it.each([
    ["all", all(a(), b()), [0]],
    ["any", any(a(), b()), [0, 1]],
    ["notany", notAny(a(), b()), [2]],
    ["notall", notAll(a(), b()), [1, 2]],
  ] as const)("%s", (_name, constraint, expected) => {
    const each = new SimpleConstraint({ sources: (row) => row.filename });
    expect(groups([constraint, each], rows).flat()).toEqual(expected);
  });

  it("an empty group matches nothing", () => {
    expect(groups(new Constraint([]), rows)).toEqual([]);
  });

  it("a failed branch of `any` may leave its values when the whole matches", () => {
    const first = all(same("a", "a"), is("b", "never"));
    const second = same("c", "c");
    expect(
      groups(any(first, second), [
        { a: "1", c: "1" },
        { a: "2", c: "1" },
      ]),
    ).toEqual([[0, 1]]);
  });
});

describe("functions", () => {
  it("compare what they say of the row with a value", () => {
    expect(
      groups(
        when((row) => row.get("n") !== "2"),
        [{ n: "1" }, { n: "2" }, { n: "3" }],
      ),
    ).toEqual([[0, 2]]);
  });

  it("narrow like columns", () => {
    const parity = new SimpleConstraint({ sources: (row) => Number(row.get("n")) % 2 });
    expect(groups(parity, [{ n: "1" }, { n: "2" }, { n: "3" }])).toEqual([[0, 2], [1]]);
  });

  it("see the association", () => {
    const pair = when((_row, association) => association.memberCount < 2);
    expect(groups(pair, [{}, {}, {}])).toEqual([[0, 1], [2]]);
  });
});

describe("another look", () => {
  it("lets an early row join associations that come later", () => {
    const target = new AttrConstraint({
      name: "t",
      sources: ["t"],
      onlyIf: (row) => row.get("kind") !== "background",
      forceReprocess: ListCategory.EXISTING,
    });
    const rows = [
      { t: "9", kind: "background" },
      { t: "1", kind: "s" },
      { t: "2", kind: "s" },
    ];
    expect(groups(target, rows)).toEqual([
      [0, 1],
      [2, 0],
    ]);
  });
});
