import { readdirSync, readFileSync } from "node:fs";
import { level2Rules } from "@calwebb/asn-level2";
import { level3Rules } from "@calwebb/asn-level3";
import { generate, readPool } from "@calwebb/associations";
import { PROGRAMS, programPool } from "@calwebb/simulator";
import { describe, expect, it } from "vitest";

const folder = new URL("../../../core/associations/test/truth/", import.meta.url);
const rules = [level2Rules, level3Rules];
const names = Object.keys(PROGRAMS);
const poolOf = (name: string) => readPool(programPool(name), { name: `${name}.csv` });

describe("observing programs", () => {
  it.each(names)("%s is the pool whose associations are known", (name) => {
    expect(programPool(name)).toBe(readFileSync(new URL(`${name}.csv`, folder), "utf8"));
  });

  it("are all known", () => {
    const known = readdirSync(folder).filter((f) => f.endsWith(".csv"));
    expect(known.sort()).toEqual(names.map((n) => `${n}.csv`).sort());
    expect(() => programPool("no-such")).toThrow(/no program "no-such"/);
  });

  it("give exposures names and numbers of their own", () => {
    for (const name of names) {
      const { rows } = poolOf(name);
      expect(new Set(rows.map((r) => r.filename)).size).toBe(rows.length);
      for (const row of rows) expect(row.filename).toMatch(/^jw\d{11}_021[0-9a-z]{2}_\d{5}_[a-z0-9]+_uncal\.fits$/);
    }
  });

  it("have every kind of exposure", () => {
    const types = new Set(names.flatMap((n) => poolOf(n).rows.map((r) => r.get("exp_type"))));
    for (const type of [
      "nrc_image nrc_coron nrc_wfss nrc_tsimage nrc_tsgrism nrc_tacq nrc_taconfirm nrc_focus nrc_dark nrc_flat nrc_led nrc_grism",
      "nis_image nis_wfss nis_ami nis_soss nis_tacq nis_taconfirm nis_focus nis_lamp nis_dark nis_extcal",
      "nrs_fixedslit nrs_msaspec nrs_ifu nrs_brightobj nrs_wata nrs_msata nrs_confirm nrs_taconfirm nrs_taslit nrs_verify",
      "nrs_autoflat nrs_autowave nrs_lamp nrs_dark nrs_image nrs_focus nrs_mimf",
      "mir_image mir_mrs mir_lrs-fixedslit mir_lrs-slitless mir_4qpm mir_lyot mir_wfss mir_tacq mir_taconfirm mir_coroncal",
      "mir_darkimg mir_darkmrs mir_flatimage mir_flatmrs fgs_image fgs_focus fgs_dark",
    ].flatMap((line) => line.split(" ")))
      expect(types, type).toContain(type);
  });

  it("have work for every rule but the one that makes nothing", () => {
    const used = new Set(names.flatMap((n) => generate(poolOf(n), { rules }).associations.map((a) => a.rule.name)));
    const idle = rules.flat().filter((r) => !used.has(r.name));
    expect(idle.map((r) => r.name)).toEqual(["Asn_Lv3ACQ_Reprocess"]);
  });
});
