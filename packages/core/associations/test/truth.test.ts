import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AssociationPool, generate, readPool, serialize } from "../src/index.js";

const folder = new URL("./truth/", import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), "utf8");

interface Expected {
  _file: string;
  [key: string]: unknown;
}

/** What two generators have to agree about, by file name: everything but constraints and versions. */
function content(pool: AssociationPool): Expected[] {
  return generate(pool).associations.map((association) => {
    const { constraints, code_version, version_id, ...rest } = association.data;
    expect(constraints).toMatch(/instrument|program/);
    expect(code_version).toMatch(/^\d/);
    expect(version_id).toBeNull();
    return { _file: `${association.name}.json`, ...rest };
  });
}

const byFile = (list: Expected[]): Expected[] => [...list].sort((a, b) => (a._file < b._file ? -1 : 1));

describe("programs of all templates", () => {
  for (const file of readdirSync(folder).filter((f) => f.endsWith(".csv"))) {
    const name = file.replace(".csv", "");
    it(`${name}: the associations of the reference implementation`, () => {
      const pool = readPool(read(file), { name: file });
      const expected = JSON.parse(read(`${name}.json`)) as Expected[];
      expect(expected.length).toBeGreaterThan(5);
      expect(byFile(content(pool))).toEqual(byFile(expected));
    });
  }

  it("gives the same bytes again", () => {
    const pool = readPool(read("nirspec_slits.csv"), { name: "nirspec_slits.csv" });
    expect(JSON.stringify(content(pool))).toBe(JSON.stringify(content(pool)));
  });

  it("gives the same associations for the rows in another order", () => {
    const pool = readPool(read("nircam_image.csv"), { name: "nircam_image.csv" });
    const keys = (p: AssociationPool): string[] =>
      content(p)
        .map((a) => {
          const products = a["products"] as { name: string; members: { expname: string; exptype: string }[] }[];
          return JSON.stringify([
            a["asn_type"],
            a["asn_id"],
            products.map((q) => [q.name, q.members.map((m) => `${m.expname} ${m.exptype}`).sort()]),
          ]);
        })
        .sort();
    const shuffled = new AssociationPool(pool.name, pool.columns, [...pool.rows].reverse());
    expect(keys(shuffled)).toEqual(keys(pool));
  });

  it("gives the same bytes for the rows in another order when they are sorted", () => {
    const pool = readPool(read("nirspec_ifu.csv"), { name: "nirspec_ifu.csv" });
    const bytes = (p: AssociationPool): string =>
      generate(p, { sort: true })
        .associations.map((a) => `${a.name} ${serialize(a.data)}`)
        .join("\n");
    const turned = new AssociationPool(pool.name, pool.columns, [...pool.rows.slice(7), ...pool.rows.slice(0, 7)]);
    expect(bytes(turned)).toBe(bytes(pool));
  });
});
