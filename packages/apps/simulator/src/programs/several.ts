import { Program } from "./program.js";

/** Pure parallels: direct images and grisms belong together by a candidate, without a target of their own. */
export function pureParallel(): Program {
  const program = new Program(2041);
  const nowhere = { name: "unknown", id: undefined };
  const parallel = (instrument: "niriss" | "nircam", id: string) =>
    program.observe({
      target: nowhere,
      template: `${instrument} wide field slitless spectroscopy`,
      instrument,
      candidates: [[id, "direct_image"]],
      visitType: "parallel_pure",
    });
  const nis = parallel("niriss", "c1000");
  nis.next().expose("nis_image", ["nis"], { filter: "clear", pupil: "f150w" });
  for (const filter of ["gr150r", "gr150c"])
    nis.next().dither(2, "none", "nis_wfss", ["nis"], { filter, pupil: "f150w" });
  const nrc = parallel("nircam", "c1001");
  nrc.next().expose("nrc_image", ["nrca1", "nrcalong", "nrcblong"], (d) => ({
    filter: d.endsWith("long") ? "f356w" : "f200w",
    pupil: "clear",
    channel: d.endsWith("long") ? "long" : "short",
  }));
  for (const pupil of ["grismr", "grismc"])
    nrc.next().expose("nrc_wfss", ["nrcalong", "nrcblong"], { filter: "f356w", pupil, channel: "long" });
  program
    .observe({ target: nowhere, template: "nircam imaging", instrument: "nircam", visitType: "parallel_pure" })
    .next()
    .expose("nrc_image", ["nrcb1"], { filter: "f115w", pupil: "clear", channel: "short" });
  return program;
}

/** Coordinated parallels: two instruments look at fields of their own at the same time; all belongs to one group. */
export function coordinatedParallel(): Program {
  const program = new Program(2042);
  const target = program.target("cosmos");
  const candidates = [["c1000", "group"]] as const;
  for (let repeat = 0; repeat < 2; repeat++) {
    program
      .observe({ target, template: "nircam imaging", instrument: "nircam", candidates })
      .next()
      .dither(2, "fullbox", "nrc_image", ["nrca3", "nrcalong"], (d) => ({
        filter: d === "nrcalong" ? "f277w" : "f115w",
        pupil: "clear",
        channel: d === "nrcalong" ? "long" : "short",
      }));
    program
      .observe({ target, template: "miri imaging", instrument: "miri", candidates, visitType: "parallel_coordinated" })
      .next()
      .dither(2, "fullbox", "mir_image", ["mirimage"], { filter: "f770w" });
  }
  program
    .observe({ target, template: "niriss imaging", instrument: "niriss", visitType: "parallel_sci" })
    .next()
    .expose("nis_image", ["nis"], { filter: "clear", pupil: "f090w" });
  return program;
}

/** A moving target by three instruments, one of them again in a group. */
export function movingTarget(): Program {
  const program = new Program(2043);
  const target = program.target("titan", { type: "moving" });
  const candidates = [["c1000", "group"]] as const;
  const visitType = "prime_targeted_moving";
  for (let repeat = 0; repeat < 2; repeat++)
    program
      .observe({ target, template: "nircam imaging", instrument: "nircam", candidates, visitType })
      .next()
      .dither(2, "intramodulebox", "nrc_image", ["nrcb1"], {
        filter: "f150w",
        pupil: "clear",
        channel: "short",
        mtshadow: repeat ? "partial" : "none",
      });
  program
    .observe({ target, template: "miri medium resolution spectroscopy", instrument: "miri", visitType })
    .next()
    .dither(2, "4-point", "mir_mrs", ["mirifulong", "mirifushort"], (d) => ({
      band: "short",
      channel: d === "mirifushort" ? "12" : "34",
    }));
  program
    .observe({ target, template: "nirspec ifu spectroscopy", instrument: "nirspec", visitType })
    .next()
    .dither(2, "cycling", "nrs_ifu", ["nrs1"], { grating: "g395m", filter: "f290lp" });
  return program;
}

/** The guider as an imager: science, focus, darks, and in wavefront sensing. */
export function fgsImaging(): Program {
  const program = new Program(2044);
  const target = program.target("guide-field");
  program
    .observe({ target, template: "fgs external calibration", instrument: "fgs" })
    .next()
    .dither(2, "none", "fgs_image", ["guider1", "guider2"])
    .next()
    .expose("fgs_focus", ["guider1"])
    .next()
    .expose("fgs_dark", ["guider2"], { pntgtype: "fgs_dark" });
  program
    .observe({ target, template: "fgs external calibration", instrument: "fgs", visitType: "prime_wfsc_sensing_only" })
    .next()
    .expose("fgs_image", ["guider1"]);
  return program;
}
