import { level2Rules } from "@calwebb/asn-level2";
import { level3Rules } from "@calwebb/asn-level3";
import { describe, expect, it } from "vitest";
import { AssociationPool, generate, readPool, serialize } from "../src/index.js";
import { byFile, content, type Expected, expected, made, programs, readTruth } from "./programs.js";

const rules = [level2Rules, level3Rules];
const poolOf = (program: string): AssociationPool => readPool(readTruth(`${program}.csv`), { name: `${program}.csv` });

describe("programs of all templates", () => {
  for (const program of programs)
    it(`${program}: the associations of the reference implementation`, () => {
      const wanted = expected(program);
      expect(wanted.length).toBeGreaterThan(0);
      expect(byFile(made(program, rules))).toEqual(byFile(wanted));
    });

  it("say what their members have in common", () => {
    for (const { data } of generate(poolOf("fgs-imaging"), { rules }).associations) {
      expect(data.constraints).toMatch(/instrument|program/);
      expect(data.code_version).toMatch(/^\d/);
      expect(data.version_id).toBeNull();
    }
  });

  it("gives the same bytes again", () => {
    expect(JSON.stringify(made("nirspec-slits", rules))).toBe(JSON.stringify(made("nirspec-slits", rules)));
  });

  it("gives the same associations for the rows in another order", () => {
    const pool = poolOf("nircam-mosaic");
    const keys = (p: AssociationPool): string[] =>
      content(generate(p, { rules }).associations)
        .map((a: Expected) => {
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
    const pool = poolOf("nirspec-ifu");
    const bytes = (p: AssociationPool): string =>
      generate(p, { rules, sort: true })
        .associations.map((a) => `${a.name} ${serialize(a.data)}`)
        .join("\n");
    const turned = new AssociationPool(pool.name, pool.columns, [...pool.rows.slice(7), ...pool.rows.slice(0, 7)]);
    expect(bytes(turned)).toBe(bytes(pool));
  });
});
