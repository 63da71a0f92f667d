import { Asn_Lv3ACQ_Reprocess } from "@calwebb/asn-level3";
import { AssociationPool, generate, Member, type MemberData, PoolRow } from "@calwebb/associations";
import { describe, expect, it } from "vitest";
import { byFile, expected, made, programs } from "../../associations/test/programs.js";
import { level2Rules } from "../src/index.js";
import { nodOverlaps } from "../src/nod.js";
import { closestDirectImage } from "../src/wfss.js";

const row = (values: Record<string, string>): PoolRow =>
  new PoolRow({ filename: "x_uncal.fits", ...values }, { pool: "p", line: 1, index: 0 });

describe("rules of stage 2 by themselves", () => {
  it.each(programs)("%s: the associations for stage 2 of the reference implementation", (program) => {
    const wanted = expected(program).filter((a) => !/_Asn_Lv3/.test(a.asn_rule));
    // Acquisitions find the spectra that come after them by a rule of the other stage, as in the whole.
    expect(byFile(made(program, [level2Rules, [Asn_Lv3ACQ_Reprocess]]))).toEqual(byFile(wanted));
  });

  it("have names, descriptions and one schema", () => {
    expect(level2Rules.map((r) => r.name)).toEqual([...level2Rules.map((r) => r.name)].sort());
    for (const rule of level2Rules) {
      expect(rule).toMatchObject({ level: 2, schema: "level2" });
      expect(rule.description.length).toBeGreaterThan(10);
    }
  });
});

describe("nods", () => {
  const slit = (number: number, values: Record<string, string> = {}): PoolRow =>
    row({ exp_type: "nrs_fixedslit", patt_num: `${number}`, numdthpt: "5", subpxpts: "1", targetid: "1", ...values });

  it("are backgrounds of each other where the source has moved", () => {
    expect(nodOverlaps(slit(1), slit(2))).toBe(false);
    expect(nodOverlaps(slit(1), slit(1))).toBe(true);
    expect(nodOverlaps(slit(1), slit(2, { targetid: "2" }))).toBe(true);
  });

  it("of one position with subpixel steps overlap", () => {
    expect(nodOverlaps(slit(1, { subpxpts: "2" }), slit(2, { subpxpts: "2" }))).toBe(true);
    expect(nodOverlaps(slit(2, { subpxpts: "2" }), slit(3, { subpxpts: "2" }))).toBe(false);
  });

  it("of five points in the wide slit overlap their neighbours", () => {
    const wide = { fxd_slit: "s1600a1" };
    expect(nodOverlaps(slit(1, wide), slit(2, wide))).toBe(true);
    expect(nodOverlaps(slit(1, wide), slit(3, wide))).toBe(false);
  });

  it("without numbers overlap in slits and not in shutters", () => {
    const bare = (type: string): PoolRow => row({ exp_type: type });
    expect(nodOverlaps(bare("nrs_fixedslit"), bare("nrs_fixedslit"))).toBe(true);
    expect(nodOverlaps(bare("nrs_msaspec"), bare("nrs_msaspec"))).toBe(false);
    expect(nodOverlaps(bare("nrs_ifu"), bare("nrs_ifu"))).toBe(false);
  });
});

describe("direct images", () => {
  const member = (expname: string, expspcin: string): Member =>
    new Member({ expname, exptype: "direct_image" } satisfies MemberData, row({ expspcin }));

  it("belong to the grism exposures before them", () => {
    const images = [member("a", "1"), member("b", "9"), member("c", "5")];
    expect(closestDirectImage(member("s", "3"), images).expname).toBe("c");
    expect(closestDirectImage(member("s", "6"), images).expname).toBe("b");
    expect(closestDirectImage(member("s", "12"), images).expname).toBe("a");
    expect(closestDirectImage(member("s", "null"), images).expname).toBe("a");
  });
});

describe("backgrounds", () => {
  it("join every science exposure of the candidate, and are products of their own", () => {
    const base = {
      program: "1",
      obs_num: "1",
      exp_type: "mir_mrs",
      instrume: "miri",
      detector: "mirifushort",
      band: "short",
      channel: "12",
      targetid: "1",
      pntgtype: "science",
      mostilno: "1",
      asn_candidate: "[('c1000', 'background')]",
      bkgdtarg: "f",
      subarray: "full",
    };
    const pool = AssociationPool.from([
      { ...base, filename: "a_uncal.fits" },
      { ...base, filename: "b_uncal.fits" },
      { ...base, filename: "k_uncal.fits", bkgdtarg: "t", targetid: "2" },
    ]);
    const made = generate(pool, { rules: [level2Rules] }).associations;
    const members = made.map((a) => a.members.map((m) => `${m.expname} ${m.exptype}`));
    expect(members).toContainEqual(["a_rate.fits science", "k_rate.fits background"]);
    expect(members).toContainEqual(["b_rate.fits science", "k_rate.fits background"]);
  });
});
