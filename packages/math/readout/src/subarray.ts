import { type NdArray, ndarray, type TypedArray } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import { detectorFrame } from "./orientation.js";
import { isMultistripe, type StripeMeta, slowSize, stripeLayouts, stripeLines } from "./stripes.js";

/** What is needed of a model to compare positions on the detector. */
export interface Placed {
  readonly meta: {
    readonly instrument: { readonly name?: string };
    readonly subarray: StripeMeta;
    /** Names it in messages. */
    readonly filename?: string;
  };
  readonly shape: readonly number[] | undefined;
}

/** Takes warnings. */
export interface Warner {
  warn(message: string): void;
}

interface Box {
  xstart: number;
  ystart: number;
  xsize: number;
  ysize: number;
}

const FULL: Readonly<Record<string, readonly [number, number]>> = { MIRI: [1032, 1024] };

/** Rows and columns of the primary array. */
function lastTwo(model: Placed, what: string): [number, number] {
  const shape = model.shape;
  if (shape === undefined || shape.length < 2)
    throw new ValidationError(`the ${named(what, model)} has no image`, { where: what });
  return [shape[shape.length - 2], shape[shape.length - 1]];
}

const named = (what: string, { meta }: Placed): string => (meta.filename ? `${what} ${meta.filename}` : what);

/** Position of the reference; a full frame may lack the keywords. */
function referenceBox(model: Placed, log: Warner): Box {
  const { xstart, ystart, xsize, ysize } = model.meta.subarray;
  const [ny, nx] = lastTwo(model, "reference");
  if (isSet(xstart) && isSet(ystart) && isSet(xsize) && isSet(ysize)) return { xstart, ystart, xsize, ysize };
  const [fullX, fullY] = FULL[(model.meta.instrument.name ?? "").toUpperCase()] ?? [2048, 2048];
  if (nx !== fullX || ny !== fullY)
    throw new ValidationError(
      `the ${named("reference", model)} has no SUBSTRT1, SUBSTRT2, SUBSIZE1, SUBSIZE2 and is not a full frame`,
      { where: "meta.subarray" },
    );
  log.warn("reference without subarray keywords taken as a full frame");
  return { xstart: 1, ystart: 1, xsize: fullX, ysize: fullY };
}

const isSet = (v: number | undefined | null): v is number => v !== undefined && v !== null;

/** A size that contradicts the array gives way to it; IRS2 images are longer than their SUBSIZE2. */
function trueSize(box: Box, [ny, nx]: readonly [number, number], what: string, log: Warner): Box {
  const out = { ...box };
  if (box.xsize !== nx) {
    log.warn(`${what}: SUBSIZE1=${box.xsize} but the array has ${nx} columns; using these`);
    out.xsize = nx;
  }
  if (box.ysize !== ny && !(box.ysize === 2048 && ny === 3200)) {
    log.warn(`${what}: SUBSIZE2=${box.ysize} but the array has ${ny} rows; using these`);
    out.ysize = ny;
  }
  if (box.xstart < 1 || box.ystart < 1)
    throw new ValidationError(`${what}: subarray starts at column ${box.xstart}, row ${box.ystart}; wanted 1 or more`, {
      where: "meta.subarray",
    });
  return out;
}

function scienceBox(model: Placed): Box {
  const { xstart, ystart, xsize, ysize } = model.meta.subarray;
  if (isSet(xstart) && isSet(ystart) && isSet(xsize) && isSet(ysize)) return { xstart, ystart, xsize, ysize };
  throw new ValidationError("the exposure lacks SUBSTRT1, SUBSTRT2, SUBSIZE1 or SUBSIZE2", { where: "meta.subarray" });
}

/** Cuts arrays of a reference (last two axes) to what an exposure reads of the detector. */
export type ReferenceCutter = <T extends TypedArray>(array: NdArray<T>) => NdArray<T>;

/**
 * How to cut the arrays of a reference to the subarray of an exposure. Arrays that already fit are handed back as they are;
 * others come as contiguous copies. Superstripe exposures get one plane per stripe: [stripes, ny, nx].
 * @throws {ValidationError} without subarray keywords, or when the exposure reaches beyond the reference
 */
export function referenceCutter(science: Placed, reference: Placed, log: Warner): ReferenceCutter {
  const stripes = science.meta.subarray.num_superstripe ?? 0;
  const ref = referenceBox(reference, log);
  if (stripes <= 0) {
    const a = trueSize(ref, lastTwo(reference, "reference"), named("reference", reference), log);
    const b = trueSize(scienceBox(science), lastTwo(science, "exposure"), "exposure", log);
    if (a.xstart === b.xstart && a.ystart === b.ystart && a.xsize === b.xsize && a.ysize === b.ysize)
      return (array) => fitting(array, science, reference);
  }
  if (isMultistripe(science.meta.subarray)) return stripeCutter(science.meta.subarray, reference.meta.subarray, log);
  const sci = scienceBox(science);
  const x = sci.xstart - ref.xstart;
  const y = sci.ystart - ref.ystart;
  if (x < 0 || y < 0 || x + sci.xsize > ref.xsize || y + sci.ysize > ref.ysize)
    throw new ValidationError(
      `the exposure (columns ${sci.xstart}..${sci.xstart + sci.xsize - 1}, rows ${sci.ystart}..${sci.ystart + sci.ysize - 1}) ` +
        `reaches beyond the ${named("reference", reference)} (columns ${ref.xstart}..${ref.xstart + ref.xsize - 1}, ` +
        `rows ${ref.ystart}..${ref.ystart + ref.ysize - 1})`,
      { where: "meta.subarray" },
    );
  return (array) => {
    const [ny, nx] = array.shape.slice(-2);
    if (ny < y + sci.ysize || nx < x + sci.xsize) throw misfit(array, science, reference);
    return fitting(box(array, y, sci.ysize, x, sci.xsize), science, reference);
  };
}

function misfit(array: NdArray<TypedArray>, science: Placed, reference: Placed): ValidationError {
  const [ny, nx] = lastTwo(science, "exposure");
  return new ValidationError(
    `an array of the ${named("reference", reference)} has the shape ${array.shape.join(" x ")}, which does not give the ` +
      `${ny} rows and ${nx} columns of the exposure; check its SUBSTRT and SUBSIZE keywords and those of the exposure`,
    { where: "meta.subarray", got: array.shape.join(" x "), wanted: `${ny} x ${nx}` },
  );
}

/** An array that has as many rows and columns as the exposure; only IRS2 exposures have interleaved rows that references lack. */
function fitting<T extends TypedArray>(array: NdArray<T>, science: Placed, reference: Placed): NdArray<T> {
  const [ny, nx] = lastTwo(science, "exposure");
  const [rows, columns] = array.shape.slice(-2);
  if (columns !== nx || (rows !== ny && !(ny === 3200 && rows === 2048))) throw misfit(array, science, reference);
  return array;
}

/** Copy of rows [y, y + ny) and columns [x, x + nx) of the last two axes. */
function box<T extends TypedArray>(array: NdArray<T>, y: number, ny: number, x: number, nx: number): NdArray<T> {
  const lead = array.shape.slice(0, -2).map(() => 0);
  const end = array.shape.slice(0, -2);
  return array
    .hi(...end, y + ny, x + nx)
    .lo(...lead, y, x)
    .copy();
}

function stripeCutter(sci: StripeMeta, ref: StripeMeta, log: Warner): ReferenceCutter {
  const fast = sci.fastaxis ?? 1;
  const slow = sci.slowaxis ?? 2;
  const along = Math.abs(fast) === 1;
  const layouts = stripeLayouts(sci, (m) => log.warn(m));
  const stripes = sci.num_superstripe ?? 0;
  const ny = sci.ysize ?? 0;
  const nx = sci.xsize ?? 0;
  const lines = layouts.map((l) => stripeLines(l, slowSize(sci)));
  const start = along ? ref.xstart : ref.ystart;
  const skip = isSet(start) ? ((along ? sci.xstart : sci.ystart) ?? 1) - start : 0;
  const cut = <T extends TypedArray>(array: NdArray<T>): NdArray<T> => {
    const lead = array.shape.slice(0, -2);
    if (stripes > 0 && lead.length > 0)
      throw new ValidationError(`a reference of ${array.shape.length} axes cannot be cut to superstripes; wanted 2`);
    const [rny, rnx] = array.shape.slice(-2);
    const source = array.flat();
    const from = detectorFrame(rny, rnx, fast, slow);
    const to = detectorFrame(ny, nx, fast, slow);
    // The fast axis is cut in the science frame, so where it runs backwards the cut counts from the other end.
    const size = along ? nx : ny;
    const c0 = fast < 0 ? from.columns - skip - size : skip;
    if (c0 < 0 || c0 + to.columns > from.columns)
      throw new ValidationError("the exposure reaches beyond the reference along the fast axis", {
        where: "meta.subarray",
      });
    const planes = lead.reduce((a, b) => a * b, 1);
    const shape = stripes > 0 ? [stripes, ny, nx] : [...lead, ny, nx];
    const out = ndarray(array.dtype, shape) as unknown as NdArray<T>;
    const target = out.data;
    for (let p = 0; p < (stripes > 0 ? stripes : planes); p++) {
      const map = lines[stripes > 0 ? p : 0];
      const s0 = (stripes > 0 ? 0 : p * rny * rnx) + from.offset;
      const t0 = p * ny * nx + to.offset;
      for (let r = 0; r < to.rows; r++) {
        if (map[r] < 0 || map[r] >= from.rows) continue;
        for (let c = 0; c < to.columns; c++)
          target[t0 + r * to.rowStride + c * to.columnStride] = source[
            s0 + map[r] * from.rowStride + (c + c0) * from.columnStride
          ] as never;
      }
    }
    return out;
  };
  return cut;
}
