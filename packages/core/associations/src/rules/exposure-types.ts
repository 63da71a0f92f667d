/** Acquisition and confirmation images. */
export const ACQUISITIONS: readonly string[] = [
  "mir_tacq",
  "mir_taconfirm",
  "nis_taconfirm",
  "nis_tacq",
  "nrc_taconfirm",
  "nrc_tacq",
  "nrs_confirm",
  "nrs_msata",
  "nrs_taconfirm",
  "nrs_tacq",
  "nrs_taslit",
  "nrs_verify",
  "nrs_wata",
];

/** Types of member other than science, by exposure type. */
export const MEMBER_TYPE: Readonly<Record<string, string>> = {
  mir_darkall: "dark",
  mir_darkimg: "dark",
  mir_darkmrs: "dark",
  mir_flatimage: "flat",
  mir_flatmrs: "flat",
  "mir_flatimage-ext": "flat",
  "mir_flatmrs-ext": "flat",
  mir_tacq: "target_acquisition",
  mir_taconfirm: "target_acquisition",
  nis_dark: "dark",
  nis_focus: "engineering",
  nis_lamp: "engineering",
  nis_tacq: "target_acquisition",
  nis_taconfirm: "target_acquisition",
  nrc_dark: "dark",
  nrc_flat: "flat",
  nrc_focus: "engineering",
  nrc_led: "engineering",
  nrc_tacq: "target_acquisition",
  nrc_taconfirm: "target_acquisition",
  nrs_autoflat: "autoflat",
  nrs_autowave: "autowave",
  nrs_confirm: "target_acquisition",
  nrs_dark: "dark",
  nrs_focus: "engineering",
  nrs_image: "engineering",
  nrs_lamp: "engineering",
  nrs_msata: "target_acquisition",
  nrs_tacq: "target_acquisition",
  nrs_taconfirm: "target_acquisition",
  nrs_taslit: "target_acquisition",
  nrs_wata: "target_acquisition",
};

export const CORONAGRAPHIC: readonly string[] = ["mir_4qpm", "mir_lyot", "nrc_coron"];

/** Images that stage 2 processes as science. */
export const IMAGE2_SCIENCE: readonly string[] = [
  "fgs_image",
  "mir_4qpm",
  "mir_image",
  "mir_lyot",
  "nis_ami",
  "nis_image",
  "nrc_coron",
  "nrc_image",
  "nrs_mimf",
  "nrc_tsimage",
];

/** Images that stage 2 processes but that are no science. */
export const IMAGE2_NONSCIENCE: readonly string[] = [
  "mir_coroncal",
  "nis_focus",
  "nrc_focus",
  "nrs_focus",
  "nrs_image",
  ...ACQUISITIONS,
];

/** Spectra that stage 2 processes. */
export const SPEC2_SCIENCE: readonly string[] = [
  "mir_lrs-fixedslit",
  "mir_lrs-slitless",
  "mir_mrs",
  "mir_wfss",
  "nis_soss",
  "nis_wfss",
  "nrc_tsgrism",
  "nrc_wfss",
  "nrs_fixedslit",
  "nrs_ifu",
  "nrs_msaspec",
  "nrs_brightobj",
];

/** Always time series. */
export const TIME_SERIES: readonly string[] = ["nrc_tsimage", "nrc_tsgrism", "nrs_brightobj"];

/** Columns that turn a science exposure into another type of member; the first that is set counts. */
export const MODIFIERS: readonly (readonly [type: string, column: string])[] = [
  ["psf", "is_psf"],
  ["imprint", "is_imprt"],
  ["background", "bkgdtarg"],
];
