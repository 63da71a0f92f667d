import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { parseAsnArgs } from "../src/asn/args.js";
import { progressBar } from "../src/asn/bar.js";
import { asnCommand } from "../src/asn/command.js";
import type { Surroundings } from "../src/surroundings.js";

const truth = fileURLToPath(new URL("../../../core/associations/test/truth/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "asn-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let out = "";
let err = "";
const surroundings: Surroundings = {
  program: "calwebb asn",
  cwd: folder,
  env: {},
  signal: new AbortController().signal,
  isTerminal: false,
  columns: 80,
  out: (text) => {
    out += text;
  },
  err: (text) => {
    err += text;
  },
};
const run = (...argv: string[]): Promise<number> => asnCommand(argv, surroundings);
const read = (file: string): { products: { members: { expname: string; exptype: string }[] }[]; asn_id: string } =>
  JSON.parse(readFileSync(join(folder, file), "utf8"));

beforeEach(() => {
  out = "";
  err = "";
});

describe("generate", () => {
  const pool = `${truth}fgs-imaging.csv`;

  it("writes one file per association, the same each time, and the orphans", async () => {
    expect(await run("generate", pool, "-p", "one", "--save-orphans")).toBe(0);
    expect(out).toBe("fgs-imaging.csv: 7 associations, 1 of 7 exposures in none\n");
    expect(await run("generate", pool, "-p", "two", "--save-orphans", "lost.csv")).toBe(0);
    const files = readdirSync(join(folder, "one"));
    expect(files.length).toBe(8);
    const expected = JSON.parse(readFileSync(`${truth}fgs-imaging.json`, "utf8")) as { _file: string }[];
    expect(files.filter((f) => f.endsWith(".json")).sort()).toEqual(expected.map((e) => e._file).sort());
    for (const file of files.filter((f) => f.endsWith(".json")))
      expect(readFileSync(join(folder, "two", file))).toEqual(readFileSync(join(folder, "one", file)));
    expect(readFileSync(join(folder, "two/lost.csv"), "utf8").trim().split("\n").length).toBe(2);
  });

  it("lists and writes nothing in a dry run; YAML and versions are in the names", async () => {
    expect(await run("generate", pool, "--dry-run", "--format=yaml", "--version-id", "v1", "-i", "o001")).toBe(0);
    expect(out).toMatch(/jw02044-o001_v1_image2_00001_asn\.yaml {2}candidate_Asn_Lv2/);
    expect(readdirSync(folder).filter((f) => f.endsWith(".yaml"))).toEqual([]);
  });

  it("reports rows that cannot be used, writes the rest and gives status 1", async () => {
    const text = readFileSync(pool, "utf8").trimEnd();
    writeFileSync(join(folder, "bad.csv"), `${text}\nonly|three|values\n`);
    expect(await run("generate", "bad.csv", "-p", "bad")).toBe(1);
    expect(err).toMatch(/error: bad\.csv, row 9: the row has 3 values/);
    expect(readdirSync(join(folder, "bad")).length).toBe(7);
  });

  it("goes on with the next pool", async () => {
    expect(await run("generate", "nowhere.csv", pool, "-p", "next")).toBe(1);
    expect(err).toMatch(/cannot read nowhere\.csv: there is no such file/);
    expect(readdirSync(join(folder, "next")).length).toBe(7);
  });

  it("takes rules of modules", async () => {
    const index = new URL("../../../core/associations/src/index.ts", import.meta.url).href;
    writeFileSync(
      join(folder, "rules.mjs"),
      `import { all, defineRule, same } from ${JSON.stringify(index)};
       export const Asn_All = defineRule({ name: "Asn_All", asnType: "all", constraints: all(same("program", "program")) });`,
    );
    expect(await run("generate", pool, "-r", "rules.mjs", "--ignore-default", "--all-candidates", "--dry-run")).toBe(0);
    expect(out).toMatch(/jw02044-o001_all_00001_asn\.json {2}candidate_Asn_All {2}6 members/);
    await expect(run("generate", pool, "-r", "absent.mjs")).rejects.toThrow(/--rules absent\.mjs/);
  });

  it("takes rules of installed packages, those of the stages too", async () => {
    const index = new URL("../../../core/associations/src/index.ts", import.meta.url).href;
    // Linked, as in a workspace: what is really in node_modules could not import sources.
    const home = join(folder, "acme-rules");
    mkdirSync(home);
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(home, join(folder, "node_modules/acme-rules"));
    writeFileSync(join(home, "package.json"), '{"type": "module", "exports": {".": {"import": "./rules.js"}}}');
    writeFileSync(
      join(home, "rules.js"),
      `import { all, defineRule, same } from ${JSON.stringify(index)};
       export const Asn_Acme = defineRule({ name: "Asn_Acme", asnType: "all", constraints: all(same("program", "program")) });`,
    );
    expect(await run("generate", pool, "-r", "acme-rules", "--dry-run")).toBe(0);
    expect(out).toMatch(/jw02044-o001_all_00001_asn\.json {2}candidate_Asn_Acme {2}6 members/);
    expect(out).toMatch(/candidate_Asn_Lv3Image/);
    out = "";
    expect(await run("generate", pool, "-r", "@calwebb/asn-level2", "--ignore-default", "--dry-run")).toBe(0);
    expect(out).toMatch(/candidate_Asn_Lv2/);
    expect(out).not.toMatch(/Asn_Lv3/);
    await expect(run("generate", pool, "-r", "acme-absent")).rejects.toThrow(/neither such a file nor such a package/);
  });

  it("refuses what contradicts itself", async () => {
    await expect(run("generate")).rejects.toMatchObject({ kind: "UsageError" });
    await expect(run("generate", pool, "--discover", "-i", "o001")).rejects.toThrow(/exclude each other/);
    await expect(run("generate", pool, "--ignore-default")).rejects.toThrow(/leaves no rules/);
    await expect(run("generate", pool, "--format", "xml")).rejects.toThrow(/json or yaml/);
    await expect(run("generate", pool, "--discovr")).rejects.toThrow(/did you mean --discover/);
    await expect(run("gnerate")).rejects.toThrow(/did you mean generate/);
  });

  it.each(["generate", "from-list", "edit", "gather", "make-pool", "graph"])("%s -h", async (name) => {
    expect(await run(name, "-h")).toBe(0);
    expect(out).toMatch(new RegExp(`^usage: calwebb asn ${name} `));
    expect(out.split("\n").every((line) => line.length <= 130)).toBe(true);
  });
});

describe("files", () => {
  it("makes, edits, gathers and draws", async () => {
    for (const f of ["a_cal.fits", "b_cal.fits", "c_cal.fits"]) writeFileSync(join(folder, f), f);
    expect(await run("from-list", "-o", "l3_asn.json", "--product-name", "p", "a_cal.fits", "b_cal.fits,psf")).toBe(0);
    expect(await run("edit", "--add", "-t", "background", "l3_asn.json", "c_cal.fits")).toBe(0);
    expect(read("l3_asn.json").products[0].members).toEqual([
      { expname: "a_cal.fits", exptype: "science" },
      { expname: "b_cal.fits", exptype: "psf" },
      { expname: "c_cal.fits", exptype: "background" },
    ]);
    expect(await run("edit", "-r", "-i", "l3_asn.json", "b_rate.fits", "-o", "less_asn.json")).toBe(0);
    expect(read("less_asn.json").products[0].members.length).toBe(2);
    expect(await run("edit", "-r", "l3_asn.json", "zzz.fits")).toBe(1);
    expect(await run("gather", "l3_asn.json", "copy", "-x", "psf")).toBe(0);
    expect(readdirSync(join(folder, "copy")).sort()).toEqual(["a_cal.fits", "c_cal.fits", "l3_asn.json"]);
    rmSync(join(folder, "c_cal.fits"));
    await expect(run("gather", "l3_asn.json", "again")).rejects.toThrow(/1 members are not in/);
    await expect(run("edit", "-a", "l3_asn.json", "c_cal.fits")).rejects.toThrow(/there is no file c_cal\.fits/);
    out = "";
    expect(await run("graph", "l3_asn.json", "-f", "mermaid")).toBe(0);
    expect(out).toMatch(/^flowchart LR/);
  });

  it("makes associations of stage 2 with a candidate", async () => {
    expect(
      await run("from_list", "-o", "l2_asn.json", "--level=2", "--acid", "c1001", "a_rate.fits", "b_rate.fits"),
    ).toBe(0);
    expect(read("l2_asn.json").asn_id).toBe("c1001");
    expect(read("l2_asn.json").products.length).toBe(2);
    await expect(run("from-list", "a_rate.fits")).rejects.toThrow(/-o FILE/);
  });

  it("says where an association is broken", async () => {
    writeFileSync(join(folder, "broken_asn.json"), '{"products": [}');
    await expect(run("graph", "broken_asn.json")).rejects.toThrow(/broken_asn\.json is no JSON/);
  });

  it("leaves unreadable exposures out of a pool", async () => {
    await expect(run("make-pool", "pool.csv", "a_cal.fits")).rejects.toThrow(/none of the files/);
    expect(err).toMatch(/error: a_cal\.fits/);
  });
});

describe("parts", () => {
  it("options take one value, many, or none", () => {
    const known = [
      { name: "ids", short: "i", value: "ID", takes: "many" as const, help: "" },
      { name: "stamp", value: "X", takes: "optional" as const, help: "" },
      { name: "rule", short: "r", value: "X", repeat: true, help: "" },
      { name: "dry", help: "" },
    ];
    const args = parseAsnArgs(["p", "-i", "a", "b", "--stamp", "--rule=1", "-r", "2", "--dry", "--", "-x"], known);
    expect(args.positional).toEqual(["p", "-x"]);
    expect(args.values("ids")).toEqual(["a", "b"]);
    expect(args.value("stamp")).toBe("");
    expect(args.values("rule")).toEqual(["1", "2"]);
    expect(args.flag("dry")).toBe(true);
    expect(() => parseAsnArgs(["--dry=1"], known)).toThrow(/takes no value/);
    expect(() => parseAsnArgs(["-i"], known)).toThrow(/at least one ID/);
    expect(() => parseAsnArgs(["-r"], known)).toThrow(/needs a value/);
  });

  it("the bar appears on a terminal after a second", () => {
    let now = 0;
    const bar = progressBar({ ...surroundings, isTerminal: true }, () => now);
    bar.show({ label: "x", done: 1, total: 2 });
    expect(err).toBe("");
    now = 1500;
    bar.show({ label: "x", done: 1, total: 2 });
    expect(err).toContain("x [############............] 50%");
    bar.clear();
    expect(err.endsWith("\r\x1b[K")).toBe(true);
  });
});
