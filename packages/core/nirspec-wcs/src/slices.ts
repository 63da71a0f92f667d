import { NoDataOnDetector, ValidationError } from "@calwebb/errors";
import {
  Arithmetic,
  arrayLabels,
  type BoundingBox,
  CompoundBoundingBox,
  Const,
  Identity,
  keyLabels,
  Mapping,
  pipe,
  RegionsSelector,
  sideBySide,
  type Transform,
  Wcs,
} from "@calwebb/wcs";
import { asBox, pixelGrid } from "./boxes.js";
import type { Exposure } from "./exposure.js";
import { frames } from "./frames.js";
import { gwaToSlit, placeTransform } from "./optics.js";
import type { Aperture, Bench } from "./pipeline.js";
import type { References } from "./references.js";
import { forSlit } from "./slit-wcs.js";
import type { SlitRange } from "./slits.js";

/** Slices of the IFU. */
export const SLICES = 30;
/** Rows and columns of a detector. */
const SIZE = 2048;

/**
 * Refuse exposures whose spectra miss the detector.
 * @throws {NoDataOnDetector}
 */
export function requireSlices({ detector, grating, filter }: Exposure): void {
  const missed = grating.endsWith("M") || (grating === "G140H" && filter === "F070LP");
  if (detector === "NRS2" && missed)
    throw new NoDataOnDetector(`no slice of the IFU falls on ${detector} with ${grating} and ${filter}`, {
      where: "DETECTOR",
    });
}

/** Plane of the slicer [m] and wavelength to the MSA, for one slice: distortion, part of which grows with the wavelength. */
async function afterSlicer(references: References, slice: number): Promise<Transform> {
  const part = (name: string): Promise<Transform> => references.transform("ifupost", `slice_${slice}.${name}`);
  const plane = (): Mapping => new Mapping([0, 1], 3);
  const along = async (axis: "x" | "y"): Promise<Transform> =>
    new Arithmetic(
      "add",
      pipe(plane(), await part(`${axis}poly`)),
      new Arithmetic(
        "multiply",
        pipe(plane(), await part(`${axis}poly_distortion`)),
        pipe(new Mapping([2]), new Identity(1)),
      ),
    );
  const six = [0, 1, 2, 0, 1, 2];
  const bend = pipe(
    new Mapping(six).withInverse(new Identity(2)).named("ifupost_inmap"),
    sideBySide(await along("x"), await along("y")),
    new Identity(2).withInverse(new Mapping(six)).named("ifupost_outmap"),
  );
  return pipe(sideBySide(await part("linear"), new Identity(1)), bend);
}

/** The slices of the IFU as apertures. */
export async function sliceApertures(bench: Bench, range: SlitRange): Promise<Aperture[]> {
  const { references, spectral } = bench;
  const apertures = await references.apertures("ifuslicer");
  const [low, high] = spectral.range;
  const middle = 0.5 * (high - low) + low;
  const out: Aperture[] = [];
  for (let id = 0; id < SLICES; id++) {
    const toPlane = pipe(placeTransform(apertures.place(id)), apertures.transform);
    const post = await afterSlicer(references, id);
    const toGwa = pipe(sideBySide(toPlane, new Const(middle)), post, bench.fromMsa);
    const toGwaOut = pipe(sideBySide(toPlane, new Identity(1)), post, bench.fromMsa);
    out.push({
      id,
      row: id,
      range,
      fromGwa: gwaToSlit(bench.disperser, { toGwa, toGwaOut, withWavelength: true, range, wavelength: middle }),
      toPlane,
    });
  }
  return out;
}

/** Which slice each pixel of the detector belongs to, and coordinates that follow from that. */
export interface SliceMap {
  /** 2048 x 2048: number of the slice from 1, 0 between slices. */
  regions: Int32Array;
  /** Pixels to slicer and onwards, without names of slices: coordinates, detector, slicer, msa_frame, ... */
  wcs: Wcs;
}

/**
 * Which slice each pixel belongs to. Where slices overlap the one with the higher number has it.
 * @param wcs - from `slicesWcs`, with boxes
 * @throws {ValidationError} when a slice has no pixel with a wavelength
 */
export function sliceMap(wcs: Wcs): SliceMap {
  const box = wcs.boundingBox;
  if (!(box instanceof CompoundBoundingBox)) throw new ValidationError("the WCS of an IFU needs a box for each slice");
  const regions = new Int32Array(SIZE * SIZE);
  const steps = wcs.steps.slice(0, 4).map((s) => s.transform as Transform);
  const transforms: Transform[] = [];
  const labels: number[] = [];
  const keys = new Map<number, number>();
  for (let id = 0; id < SLICES; id++) {
    const own = box.box(id) as BoundingBox;
    const { x, y } = pixelGrid(asBox(own));
    const [first, ...rest] = steps.map((t) => forSlit(t, id));
    const toSlicer = pipe(first, ...rest);
    const [across, , lam] = toSlicer.evaluate([x, y]);
    // The last column of whole pixels may lie beyond the end of the box.
    own.blank([x, y], [lam]);
    let [x0, x1, y0, y1] = [SIZE, -1, SIZE, -1];
    for (let i = 0; i < lam.length; i++) {
      if (!Number.isFinite(lam[i])) continue;
      regions[y[i] * SIZE + x[i]] = id + 1;
      [x0, x1] = [Math.min(x0, x[i]), Math.max(x1, x[i])];
      [y0, y1] = [Math.min(y0, y[i]), Math.max(y1, y[i])];
    }
    if (x1 < 0) throw new ValidationError(`slice ${id} of the IFU has no pixel with a wavelength`);
    labels.push(id + 1);
    transforms.push(
      toSlicer.withBoundingBox([
        [x0 - 0.5, x1 + 0.5],
        [y0 - 0.5, y1 + 0.5],
      ]),
    );
    keys.set(roundTo5(meanOf(across)), id + 1);
  }
  return { regions, wcs: withoutNames(wcs, regions, labels, transforms, keys) };
}

/** Mean of the numbers that are numbers. */
function meanOf(values: Float64Array): number {
  let [sum, n] = [0, 0];
  for (const v of values)
    if (!Number.isNaN(v)) {
      sum += v;
      n++;
    }
  return sum / n;
}

/** To five decimals, halves to even, as numpy rounds. */
function roundTo5(value: number): number {
  const scaled = value * 1e5;
  const below = Math.floor(scaled);
  const rest = scaled - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  return (up ? below + 1 : below) / 1e5;
}

function withoutNames(
  wcs: Wcs,
  regions: Int32Array,
  labels: readonly number[],
  transforms: readonly Transform[],
  keys: ReadonlyMap<number, number>,
): Wcs {
  const inverse = keyLabels(["x_slice", "y_slice", "lam"], 0, keys, 1e-4);
  const selector = new RegionsSelector(
    { inputs: ["x", "y"], outputs: ["x_slice", "y_slice", "lam"] },
    labels,
    transforms,
    arrayLabels(regions, SIZE, SIZE).withInverse(inverse),
  ).named("det2slicer");
  const { coordinates } = frames();
  const start = new Identity(2).withAxes(["x", "y"], ["x", "y"]).named("coord2det");
  return new Wcs([
    { frame: coordinates, transform: start },
    { frame: wcs.inputFrame, transform: selector },
    // The name of the slice means nothing from here on.
    ...wcs.steps.slice(4).map(({ frame, transform }) => ({ frame, transform: transform && forSlit(transform, 0) })),
  ]);
}
