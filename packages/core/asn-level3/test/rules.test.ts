import { AssociationPool, generate } from "@calwebb/associations";
import { describe, expect, it } from "vitest";
import { byFile, expected, made, programs } from "../../associations/test/programs.js";
import { level3Rules } from "../src/index.js";

describe("rules of stage 3 by themselves", () => {
  it.each(programs)("%s: the associations for stage 3 of the reference implementation", (program) => {
    const wanted = expected(program).filter((a) => /_Asn_Lv3/.test(a.asn_rule));
    expect(byFile(made(program, [level3Rules]))).toEqual(byFile(wanted));
  });

  it("have names, descriptions and one schema", () => {
    expect(level3Rules.map((r) => r.name)).toEqual([...level3Rules.map((r) => r.name)].sort());
    for (const rule of level3Rules) {
      expect(rule).toMatchObject({ level: 3, schema: "level3" });
      expect(rule.description.length).toBeGreaterThan(10);
    }
  });
});

describe("product names", () => {
  const exposure = {
    program: "99009",
    obs_num: "1",
    exp_type: "nrc_image",
    instrume: "nircam",
    detector: "nrca1",
    filter: "f090w",
    pupil: "null",
    subarray: "full",
    targetid: "1",
    pntgtype: "science",
    visitype: "prime_targeted_fixed",
    asn_candidate: "[('o001', 'observation')]",
  };
  const names = (...rows: Record<string, string>[]): string[] =>
    generate(AssociationPool.from(rows.map((r, i) => ({ filename: `f${i}_uncal.fits`, ...exposure, ...r }))), {
      rules: [level3Rules],
    }).associations.map((a) => a.products[0].name);

  it("hold candidate, target, instrument and optical elements", () => {
    expect(names({}, {})).toEqual(["jw99009-o001_t001_nircam_f090w"]);
    expect(names({ pupil: "clear", targetid: "14" })).toEqual(["jw99009-o001_t014_nircam_clear-f090w"]);
    expect(names({ subarray: "sub160" })).toEqual(["jw99009-o001_t001_nircam_f090w-sub160"]);
  });

  it("leave room for sources and slits", () => {
    const shutters = {
      exp_type: "nrs_msaspec",
      instrume: "nirspec",
      detector: "nrs1",
      filter: "f100lp",
      grating: "g140m",
      msametfl: "a_msa.fits",
    };
    expect(names(shutters)).toEqual(["jw99009-o001_{source_id}_nirspec_f100lp-g140m"]);
    const slits = { ...shutters, exp_type: "nrs_fixedslit", fxd_slit: "s200a1", msametfl: "null" };
    expect(names(slits)).toEqual(["jw99009-o001_t001-{source_id}_nirspec_f100lp-g140m-{slit_name}"]);
  });
});
