import type { PoolRow } from "../pool/row.js";

/** Gratings and filters of NIRSpec with the detectors that their light reaches through the slits A and B. */
const SLIT_A: Readonly<Record<string, string>> = {
  "prism clear": "nrs1",
  "g395h f290lp": "nrs1 nrs2",
  "g235h f170lp": "nrs1 nrs2",
  "g140h f100lp": "nrs1 nrs2",
  "g140h f070lp": "nrs1",
  "g395m f290lp": "nrs1",
  "g235m f170lp": "nrs1",
  "g140m f100lp": "nrs1",
  "g140m f070lp": "nrs1",
};
const SLIT_B: Readonly<Record<string, string>> = {
  "prism clear": "nrs2",
  "g395h f290lp": "nrs2",
  "g235h f170lp": "nrs2",
  "g140h f100lp": "nrs2",
  "g140h f070lp": "nrs1 nrs2",
  "g395m f290lp": "nrs2",
  "g235m f170lp": "nrs2",
  "g140m f100lp": "nrs2",
  "g140m f070lp": "nrs1 nrs2",
};

/** The integral field unit reaches the same detectors as the slits A. */
const IFU = SLIT_A;

/** Lamps that light the fixed slits, by grating; both detectors see them. */
const SLIT_LAMPS: Readonly<Record<string, readonly string[]>> = {
  prism: ["line4", "flat5", "test"],
  g395h: ["flat3", "line3"],
  g235h: ["flat2", "line2"],
  g140h: ["flat1", "ref", "line1", "flat4"],
  g395m: ["flat3", "line3"],
  g235m: ["flat2", "line2"],
  g140m: ["flat1", "line1", "flat4"],
};

function reaches(paths: Readonly<Record<string, string>>, item: PoolRow): boolean {
  const grating = item.valid("grating");
  const filter = item.valid("filter");
  const detector = item.valid("detector");
  if (grating === undefined || filter === undefined || detector === undefined) return false;
  return (paths[`${grating} ${filter}`] ?? "").split(" ").includes(detector);
}

/** Fixed slit: whether slit, grating and filter put light on the detector. */
export function fixedSlitDetectorValid(item: PoolRow): boolean {
  const slit = item.valid("fxd_slit");
  if (slit === undefined) return false;
  return reaches(slit === "s200b1" ? SLIT_B : SLIT_A, item);
}

/** Integral field unit: whether grating and filter put light on the detector; other exposures pass. */
export function ifuDetectorValid(item: PoolRow): boolean {
  return item.valid("exp_type") !== "nrs_ifu" || reaches(IFU, item);
}

/** Lamp exposures of NIRSpec: whether the lamp's light reaches the detector in this mode. */
export function lampDetectorValid(item: PoolRow): boolean {
  const detector = item.valid("detector");
  const grating = item.valid("grating");
  const opmode = item.valid("opmode");
  if (detector === undefined || grating === undefined || opmode === undefined) return false;
  if (opmode === "msaspec") return true;
  const lamp = item.valid("lamp");
  if (lamp === undefined) return false;
  if (opmode === "fixedslit")
    return (detector === "nrs1" || detector === "nrs2") && (SLIT_LAMPS[grating] ?? []).includes(lamp);
  if (opmode !== "ifu") return false;
  if (grating === "g395h" || grating === "g235h") return true;
  if (["g395m", "g235m", "g140m", "prism"].includes(grating)) return detector === "nrs1";
  return grating === "g140h" && !(detector === "nrs2" && lamp === "flat4");
}
