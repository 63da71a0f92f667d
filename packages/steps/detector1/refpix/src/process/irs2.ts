import { allocate, NdArray, ndarray, splitRange } from "@calwebb/array";
import type { Table } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import { DEFAULT_IRS2_PATTERN, type Irs2Pattern, irs2ScienceRows, irs2SectorMask } from "@calwebb/readout";
import type { Skip } from "@calwebb/stpipe";
import {
  type BadPixelRow,
  correctTask,
  edgeRowsPlan,
  findBadLines,
  type Irs2Ramps,
  irs2Layout,
  irs2Task,
  LINES,
  meanTask,
  placedFrame,
  realActing,
  replaceBadLines,
  replaceListedLines,
} from "../kernel.js";
import { type Context, keepingZeros, planePieces, type Ramp, zeroFrame } from "./context.js";

/** Most planes of a piece of work; the memory of a piece is worth several planes. */
const PLANES = 5;

const BAD = pixel.BAD_REF_PIXEL | pixel.DO_NOT_USE;

/** Correct a NIRSpec IRS2 exposure; the result has no interleaved reference pixels unless they are to be kept. */
export async function correctIrs2Ramp(ramp: Ramp, context: Context): Promise<Ramp | Skip> {
  const { params, refs, log } = context;
  const detector = ramp.meta.instrument.detector;
  if (detector !== "NRS1" && detector !== "NRS2") return { skip: `IRS2 exposures of ${detector} are not known` };
  const pattern = patternOf(ramp);
  const layout = irs2Layout(pattern.normal, pattern.reference);
  const weights = refs.refpix.irs2_table;
  const wanted = 2 * layout.times * LINES;
  if (weights === undefined || weights.nrows !== wanted)
    return { skip: `the refpix reference has ${weights?.nrows ?? 0} rows; wanted ${wanted}` };
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  if (nx !== LINES || ny !== 5 * layout.stored)
    return { skip: `IRS2 planes have [${ny},${nx}] pixels; wanted [${5 * layout.stored},${LINES}]` };

  const ramps: Irs2Ramps = { data: ramp.data.flat(), nints, ngroups, ny, nx, ...pattern };
  const bad = flaggedLines(ramp);
  findBadLines(ramps, bad, params.ovr_corr_mitigation_ftr);
  flagLines(ramp, bad);
  if (params.irs2_mean_subtraction) await subtractMeans(ramp, context, pattern);
  log.info(`${replaceBadLines(ramps, bad)} bad reference pixels replaced`);

  const mask = irs2SectorMask(ny, pattern);
  const reversed = detector === "NRS2";
  const toLine = (index: number): number => (reversed ? ny - 1 - index : index);
  const listed = refs.refpix.dq_table;
  if (listed !== undefined && listed.nrows > 0) {
    const inOrder = reversed ? bad.slice().reverse() : bad.slice();
    replaceListedLines(ramps, badRows(listed), inOrder, toLine);
  } else log.warn("the refpix reference has no DQ extension");

  await subtractFourier(ramp, context, { pattern, mask, reversed, weights });
  if (!params.preserve_irs2_refpix) stripFlags(ramp, irs2ScienceRows(mask, detector));
  return ramp;
}

function patternOf(ramp: Ramp): Irs2Pattern {
  const { nrs_normal, nrs_reference } = ramp.meta.exposure;
  return {
    normal: nrs_normal ?? DEFAULT_IRS2_PATTERN.normal,
    reference: nrs_reference ?? DEFAULT_IRS2_PATTERN.reference,
  };
}

/** Lines with a pixel flagged as bad reference pixel. */
function flaggedLines(ramp: Ramp): Uint8Array {
  const [ny, nx] = ramp.pixeldq.shape.slice(-2);
  const dq = ramp.pixeldq.flat();
  const out = new Uint8Array(ny);
  for (let i = 0; i < dq.length; i++) if ((dq[i] & pixel.BAD_REF_PIXEL) !== 0) out[Math.floor(i / nx)] = 1;
  return out;
}

function flagLines(ramp: Ramp, bad: Uint8Array): void {
  if (!ramp.pixeldq.contiguous) ramp.pixeldq = ramp.pixeldq.copy();
  const dq = ramp.pixeldq.flat();
  const nx = ramp.pixeldq.shape.at(-1) ?? 0;
  for (let i = 0; i < dq.length; i++) if (bad[Math.floor(i / nx)] !== 0) dq[i] |= BAD;
}

/** Levels of the five sectors from the top and bottom reference pixels, of interleaved and usual parity alike. */
async function subtractMeans(ramp: Ramp, context: Context, pattern: Irs2Pattern): Promise<void> {
  const { params, executor, signal } = context;
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  const { fastaxis = 2, slowaxis = 1 } = ramp.meta.subarray;
  const along = { ny, nx, fastaxis, slowaxis };
  const frame = placedFrame({ ...along, y0: 0, x0: 0 }, ny, nx);
  const length = Math.floor(ny / 5);
  const sectors = Array.from({ length: 5 }, (_, s) => ({ from: s * length, to: (s + 1) * length }));
  const isOdd = oddColumns(ny, pattern);
  const columns = edgeRowsPlan(
    ramp.pixeldq.flat(),
    frame,
    sectors,
    params.odd_even_columns ? (c) => isOdd[c] !== 0 : undefined,
  );
  const shared = { ...along, columns, siglimit: params.siglimit, singleUntil: Number.POSITIVE_INFINITY };
  const data = ramp.data.flat();
  const pieces = planePieces(nints * ngroups, PLANES, context).map(([from, to]) => ({ ...shared, data, from, to }));
  await executor.run(correctTask, pieces, { signal });
  const zero = zeroFrame(ramp);
  if (zero !== undefined)
    await keepingZeros(zero, () =>
      executor.run(correctTask, [{ ...shared, data: zero, from: 0, to: nints }], { signal }),
    );
}

/** Columns that count as odd: every other one, but the first two of four interleaved samples. */
function oddColumns(length: number, pattern: Irs2Pattern): Uint8Array {
  const mask = irs2SectorMask(length, pattern);
  const sector = Math.floor(length / 5);
  const out = new Uint8Array(length);
  for (let c = 0; c < length; c++) {
    // The reference output is laid out like the other sectors.
    const interleaved = mask[c < sector ? c + sector : c] === 0;
    const odd = interleaved ? c % 4 < 2 : c % 2 === 0;
    out[c] = odd ? 1 : 0;
  }
  return out;
}

function badRows(table: Table): BadPixelRow[] {
  const numbers = (name: string): number[] => Array.from(table.numbers(name) as ArrayLike<number | bigint>, Number);
  const output = numbers("output");
  const oddEven = numbers("odd_even");
  const mask = numbers("mask");
  return output.map((o, i) => ({ output: o, oddEven: oddEven[i], mask: mask[i] }));
}

interface Fourier {
  pattern: Irs2Pattern;
  mask: Uint8Array;
  reversed: boolean;
  weights: Table;
}

async function subtractFourier(
  ramp: Ramp,
  context: Context,
  { pattern, mask, reversed, weights }: Fourier,
): Promise<void> {
  const { params, executor, signal, progress } = context;
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  const size = ny * nx;
  const data = ramp.data.flat();
  const mean = allocate("float64", nints * size);
  const means = splitRange(nints, 1).map(([from, to]) => ({ data, mean, ngroups, size, from, to }));
  await executor.run(meanTask, means, { signal });
  const column = (name: string): Float64Array => realActing(weights.numbers(name) as ArrayLike<number>);
  const preserve = params.preserve_irs2_refpix;
  const out = preserve ? ramp.data : ndarray("float32", [nints, ngroups, LINES, nx]);
  const shared = {
    data,
    mean,
    out: out.flat(),
    ngroups,
    ...pattern,
    mask,
    reversed,
    alpha: [0, 1, 2, 3].map((k) => column(`alpha_${k}`)),
    beta: [0, 1, 2, 3].map((k) => column(`beta_${k}`)),
    preserve,
  };
  const pieces = planePieces(nints * ngroups, PLANES, context).map(([from, to]) => ({ ...shared, from, to }));
  progress.start(pieces.length, "refpix");
  await executor.run(irs2Task, pieces, { signal, onDone: () => progress.advance() });
  if (!preserve) ramp.data = out;
}

/** Leave only the science lines of the flags. */
function stripFlags(ramp: Ramp, rows: Int32Array): void {
  const nx = ramp.pixeldq.shape.at(-1) ?? 0;
  ramp.pixeldq = new NdArray(keepLines(ramp.pixeldq.flat(), allocate("uint32", rows.length * nx), rows, nx, 1), [
    rows.length,
    nx,
  ]);
  const [nints, ngroups, ny] = ramp.groupdq.shape;
  const groups = allocate("uint8", nints * ngroups * rows.length * nx);
  keepLines(ramp.groupdq.flat(), groups, rows, nx, nints * ngroups, ny);
  ramp.groupdq = new NdArray(groups, [nints, ngroups, rows.length, nx]);
}

function keepLines<T extends Uint8Array | Uint32Array>(
  from: T,
  to: T,
  rows: Int32Array,
  nx: number,
  planes: number,
  ny: number = from.length / nx,
): T {
  for (let p = 0; p < planes; p++)
    for (let k = 0; k < rows.length; k++) {
      const at = (p * ny + rows[k]) * nx;
      to.set(from.subarray(at, at + nx), (p * rows.length + k) * nx);
    }
  return to;
}
