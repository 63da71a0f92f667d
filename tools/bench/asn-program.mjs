/** Modes of the observations of a made-up program, in turn: exposures, and what is the same in all of them. */
const MODES = [
  (i) => ({
    exp_type: "mir_mrs",
    instrume: "miri",
    detector: i % 2 ? "mirifushort" : "mirifulong",
    band: ["short", "medium", "long"][i % 3],
    channel: i % 2 ? "12" : "34",
    patttype: "4-point",
  }),
  (i) => ({
    exp_type: "nrc_image",
    instrume: "nircam",
    detector: `nrca${(i % 4) + 1}`,
    filter: ["f115w", "f150w", "f200w"][Math.floor(i / 4) % 3],
    pupil: "clear",
    channel: "short",
  }),
  (i) => ({
    exp_type: "nrs_msaspec",
    instrume: "nirspec",
    detector: i % 2 ? "nrs1" : "nrs2",
    filter: "f100lp",
    grating: "g140m",
    msametfl: "a_msa.fits",
    patttype: "3-shutter-slitlet",
    patt_num: (i % 3) + 1,
    numdthpt: 3,
    subpxpts: 1,
    expspcin: Math.floor(i / 6),
  }),
  (i) => ({
    exp_type: i % 5 === 0 ? "nis_image" : "nis_wfss",
    instrume: "niriss",
    detector: "nis",
    filter: i % 5 === 0 ? "clear" : i % 2 ? "gr150r" : "gr150c",
    pupil: ["f115w", "f200w"][Math.floor(i / 20) % 2],
  }),
];

/** Exposures per observation. */
const PER_OBSERVATION = 40;

const COLUMNS =
  "filename program obs_num visitype exp_type instrume detector targetid pntgtype filter pupil grating band channel asn_candidate tsovisit subarray obs_id act_id expspcin dithptin mostilno patttype numdthpt patt_num subpxpts fxd_slit exposerr is_psf is_imprt bkgdtarg msametfl".split(
    " ",
  );

/**
 * A pool of one program: observations of four instruments in turn, a target per four observations, and groups of ten.
 * @returns {string} the text of the pool
 */
export function programPool(rows) {
  const lines = [COLUMNS.join("|")];
  for (let n = 0; n < rows; n++) {
    const obs = Math.floor(n / PER_OBSERVATION) + 1;
    const i = n % PER_OBSERVATION;
    const id = String(obs).padStart(3, "0");
    const values = {
      program: 1234,
      obs_num: obs,
      visitype: "prime_targeted_fixed",
      targetid: Math.floor((obs - 1) / 4) + 1,
      pntgtype: "science",
      asn_candidate: `[('o${id}', 'observation'), ('c${1000 + Math.floor(obs / 10)}', 'group')]`,
      tsovisit: "f",
      subarray: "full",
      obs_id: `v01234${id}001`,
      act_id: i % 9,
      expspcin: i + 1,
      dithptin: (i % 4) + 1,
      mostilno: 1,
      is_psf: "f",
      is_imprt: "f",
      bkgdtarg: "f",
      ...MODES[obs % MODES.length](i),
    };
    values.filename = `jw01234${id}001_02101_${String(i).padStart(5, "0")}_${values.detector}_uncal.fits`;
    lines.push(COLUMNS.map((c) => values[c] ?? "null").join("|"));
  }
  return `${lines.join("\n")}\n`;
}
