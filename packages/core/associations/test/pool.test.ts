import { describe, expect, it } from "vitest";
import { AssociationPool, type Problem, parseCandidates, parseLiteral, readPool, writePool } from "../src/index.js";

const HEAD = "FileName|Program|EXP_TYPE|instrume|asn_candidate";

describe("reading", () => {
  it("takes comments, blanks, case and empty values", () => {
    const pool = readPool(`# a comment\n\n${HEAD}\nA_UNCAL.fits | 00123| NRC_Image ||[('o001', 'OBSERVATION')]\n`);
    expect(pool.columns).toEqual(["filename", "program", "exp_type", "instrume", "asn_candidate"]);
    const [row] = pool.rows;
    expect(row.toRecord()).toEqual({
      filename: "a_uncal.fits",
      program: "00123",
      exp_type: "nrc_image",
      instrume: "null",
      asn_candidate: "[('o001', 'observation')]",
    });
    expect(row.line).toBe(4);
    expect(row.valid("instrume")).toBeUndefined();
    expect(row.get("nothing")).toBeUndefined();
  });

  it("takes other delimiters, quotes and ECSV", () => {
    const csv = readPool('filename,program,exp_type,instrume,x\n"a ""b"".fits",1,t,i,"1,2"\n', { delimiter: "," });
    expect(csv.rows[0].filename).toBe('a "b".fits');
    expect(csv.rows[0].get("x")).toBe("1,2");
    const ecsv = readPool(
      "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n# - {name: filename, datatype: string}\nfilename,program,exp_type,instrume\na,1,t,i\n",
    );
    expect(ecsv.rows[0].get("program")).toBe("1");
    const plain = readPool("# %ECSV 1.0\nfilename program exp_type instrume\na  1 t i\n");
    expect(plain.rows[0].get("exp_type")).toBe("t");
  });

  it("reports broken rows by their line and goes on", () => {
    const problems: Problem[] = [];
    const pool = readPool(`${HEAD}\na|1|t|i|c\nb|1|t\n|1|t|i|c\na|1|t|i|c\n`, {
      name: "p.csv",
      onProblem: (p) => problems.push(p),
    });
    expect(pool.rows.map((r) => r.filename)).toEqual(["a", "a"]);
    expect(problems.map((p) => [p.row, p.column, p.severity])).toEqual([
      [3, undefined, "error"],
      [4, "filename", "error"],
      [5, "filename", "warning"],
    ]);
    expect(problems[0].message).toMatch(/3 values.*5 columns/);
    expect(problems[2].message).toMatch(/row 2/);
  });

  it.each([
    ["", /empty/],
    ["filename|program\n", /no column "exp_type"/],
    ["filename|program|exptype|instrume\n", /no column "exp_type"; is it "exptype"\?/],
    ["filename;program\n", /is "\|" the delimiter/],
    ["filename|program|exp_type|instrume|Filename\n", /column filename: two columns/],
    [`${HEAD}\na|1\n`, /pool\.csv, row 2: the row has 2 values/],
  ])("refuses %j", (text, message) => {
    expect(() => readPool(text, { name: "pool.csv" })).toThrow(message);
  });

  it("warns of columns that look misspelt", () => {
    const problems: Problem[] = [];
    readPool("filename|program|exp_type|instrume|targteid|own_column|pupils\n", { onProblem: (p) => problems.push(p) });
    expect(problems.map((p) => [p.row, p.column, p.severity])).toEqual([
      [1, "targteid", "warning"],
      [1, "pupils", "warning"],
    ]);
  });

  it("writes what it reads again", () => {
    const pool = AssociationPool.from([
      { FILENAME: "A", program: 1, exp_type: "x", instrume: null, note: 'a|"b"', flag: true, other: false },
    ]);
    const again = readPool(writePool(pool));
    expect(again.rows[0].toRecord()).toEqual(pool.rows[0].toRecord());
    expect(again.rows[0].get("flag")).toBe("t");
    expect(again.rows[0].get("instrume")).toBe("null");
  });
});

describe("candidates", () => {
  it("are Python literals", () => {
    expect(parseCandidates("[('o001', 'observation'), (\"c1000\", 'group',)]")).toEqual([
      { id: "o001", type: "observation" },
      { id: "c1000", type: "group" },
    ]);
    expect(parseCandidates("('o001', 'observation')")).toEqual([{ id: "o001", type: "observation" }]);
    expect(parseCandidates("1000")).toEqual([{ id: "1000", type: "unknown" }]);
    expect(parseCandidates("null")).toEqual([]);
    expect(parseCandidates("[('o001'")).toEqual([]);
    expect(parseLiteral("(1)")).toBe(1);
    expect(parseLiteral("007")).toBeUndefined();
    expect(parseLiteral("[None, True, 'it\\'s']")).toEqual({ kind: "list", items: [null, true, "it's"] });
  });

  it("are inferred from observations when a pool has none", () => {
    const problems: Problem[] = [];
    const pool = AssociationPool.from([
      { filename: "jw01234005001_02101_00001_nrca1_uncal.fits" },
      { filename: "x", obs_num: "7" },
      { filename: "y" },
    ]).inferCandidates((p) => problems.push(p));
    expect(pool.rows.map((r) => r.get("asn_candidate"))).toEqual([
      "[('o005', 'observation')]",
      "[('o007', 'observation')]",
      undefined,
    ]);
    expect(problems.map((p) => [p.severity, p.row])).toEqual([
      ["warning", undefined],
      ["error", 3],
    ]);
    expect(() => AssociationPool.from([{ filename: "y" }], "p.csv").inferCandidates()).toThrow(/p\.csv: no candidates/);
  });
});
