/**
 * Types of references that the world coordinates of NIRSpec exposures follow from, in the order in which `assign_wcs` looks for them.
 * A file of its own, so that a step can name them without loading numeric code.
 */
export const REFERENCE_TYPES = [
  "wavelengthrange",
  "camera",
  "chromcorr",
  "collimator",
  "disperser",
  "fore",
  "fpa",
  "msa",
  "ote",
  "ifupost",
  "ifufore",
  "ifuslicer",
] as const;
export type ReferenceType = (typeof REFERENCE_TYPES)[number];
