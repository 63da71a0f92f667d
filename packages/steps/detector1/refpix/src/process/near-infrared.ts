import { NdArray } from "@calwebb/array";
import type { SIRSKernelModel } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import {
  AMPLIFIERS,
  type ColumnPlan,
  correctTask,
  edgelessFlags,
  edgeRowsPlan,
  flaggedPixelsPlan,
  type NearInfraredPiece,
  odd,
  type Placement,
  placedFrame,
  type SirsKernels,
  sidePlan,
  sirsKernels,
  stripePlan,
} from "../kernel.js";
import { type Context, keepingZeros, planePieces, type Ramp, zeroFrame } from "./context.js";

/** NIRSpec subarrays away from the edge, whose own first and last columns serve as reference pixels. */
const EDGELESS = new Set(["SUB512", "SUB512S", "SUB32"]);

/** Most pixels of a piece of work. */
const PIECE = 1 << 22;

/** Everything of a piece but the planes. */
type Shared = Omit<NearInfraredPiece, "data" | "from" | "to" | "singleUntil">;

/** Full frames, and subarrays that are not read in stripes. */
export async function correctNearInfrared(ramp: Ramp, context: Context, cut: boolean): Promise<void> {
  const { params, log } = context;
  const placement = placementOf(ramp, cut);
  const frame = placedFrame(placement);
  const { ny, nx, fastaxis, slowaxis } = placement;
  const base = { ny, nx, fastaxis, slowaxis, siglimit: params.siglimit };
  const dq = ramp.pixeldq.flat();
  if (cut && ramp.meta.exposure.noutputs !== 4) {
    const flags = EDGELESS.has(ramp.meta.subarray.name ?? "") ? edgelessFlags(dq, ny, nx) : dq;
    const columns = flaggedPixelsPlan(flags, frame, params.odd_even_columns);
    if (columns === undefined) {
      log.info("no valid reference pixels; this step has no effect");
      return;
    }
    await run(ramp, context, { ...base, columns });
    return;
  }
  const flags = cut && EDGELESS.has(ramp.meta.subarray.name ?? "") ? edgelessFlags(dq, ny, nx) : dq;
  const columns = edgeRowsPlan(flags, frame, AMPLIFIERS, params.odd_even_columns ? odd : undefined);
  if (!params.use_side_ref_pixels) {
    await run(ramp, context, { ...base, columns });
    return;
  }
  const sirs = cut ? undefined : sirsFor(ramp, context);
  const length = params.side_smoothing_length;
  if (sirs === undefined) checkWindow(length, log);
  const plan = sirs === undefined ? sidePlan(flags, frame) : sidePlan(new Uint32Array(flags.length), frame);
  await run(ramp, context, { ...base, columns, side: { ...plan, length, gain: params.side_gain }, sirs });
}

/** The window of the running medians has to fit into a side and its mirrored ends. */
function checkWindow(length: number, log: Context["log"]): void {
  if (length < 1 || length >= 4096)
    throw new ValidationError(`side_smoothing_length is ${length}; wanted 1 to 4095`, {
      where: "side_smoothing_length",
    });
  if (length % 2 === 0) log.info("an even side_smoothing_length makes a lopsided window");
}

function placementOf(ramp: Ramp, cut: boolean): Placement {
  const [ny, nx] = ramp.data.shape.slice(-2);
  const { fastaxis, slowaxis, xstart, ystart } = ramp.meta.subarray;
  if (fastaxis === undefined || slowaxis === undefined)
    throw new ValidationError("the exposure lacks FASTAXIS or SLOWAXIS", { where: "meta.subarray.fastaxis" });
  return { ny, nx, fastaxis, slowaxis, y0: cut ? (ystart ?? 1) - 1 : 0, x0: cut ? (xstart ?? 1) - 1 : 0 };
}

/** Correct all planes, then the zero frame. */
async function run(ramp: Ramp, context: Context, shared: Shared): Promise<void> {
  const { executor, signal, progress } = context;
  const size = shared.ny * shared.nx;
  const data = ramp.data.flat();
  // The first plane that gets a side correction is computed in float32, later ones in float64: the working array widens.
  // A ramp that continues one whose first planes were worked on before has no such plane.
  const continued = Number(ramp.tree["continues"] ?? 0) > 0;
  const singleUntil = shared.side === undefined ? Number.POSITIVE_INFINITY : continued ? 0 : 1;
  const pieces = planePieces(data.length / size, PIECE / size, context).map(([from, to]) => ({
    ...shared,
    data,
    from,
    to,
    singleUntil,
  }));
  progress.start(pieces.length, "refpix");
  await executor.run(correctTask, pieces, { signal, onDone: () => progress.advance() });
  const zero = zeroFrame(ramp);
  if (zero === undefined) return;
  const planes = { ...shared, data: zero, from: 0, to: zero.length / size };
  await keepingZeros(zero, () =>
    executor.run(correctTask, [{ ...planes, singleUntil: shared.side === undefined ? planes.to : 0 }], { signal }),
  );
}

/** Convolution kernels of the detector; undefined when running medians are to be used. */
function sirsFor(ramp: Ramp, { params, refs, log }: Context): (SirsKernels & { sigreject: number }) | undefined {
  if (params.refpix_algorithm !== "sirs") return undefined;
  if (!(ramp.meta.subarray.name ?? "").includes("FULL")) {
    log.info("SIRS is not applied to subarrays");
    return undefined;
  }
  if (refs.sirskernel === undefined) {
    log.warn("no reference for the convolution kernels; using running medians");
    return undefined;
  }
  const detector = ramp.meta.instrument.detector ?? "";
  const gamma = coefficients(refs.sirskernel, detector, "gamma");
  const zeta = coefficients(refs.sirskernel, detector, "zeta");
  if (gamma === undefined || zeta === undefined) {
    log.info(`no convolution kernels for detector ${detector}; using running medians`);
    return undefined;
  }
  return { ...sirsKernels(gamma, zeta, params.gaussmooth, params.halfwidth), sigreject: params.sigreject };
}

/** Fourier coefficients per amplifier as real and imaginary parts in turn. */
function coefficients(model: SIRSKernelModel, detector: string, name: string): Float64Array[] | undefined {
  const key = Object.keys(model.tree).find((k) => k.toLowerCase() === detector.toLowerCase());
  const found = key === undefined ? undefined : model.get(`${key}.${name}`);
  if (!isArray(found)) return undefined;
  // Complex numbers come with a last axis of two.
  const complex = found.dimension === 3;
  const [amplifiers, bins] = found.shape;
  const flat = Array.from(found.flat(), Number);
  return Array.from({ length: amplifiers }, (_, a) =>
    Float64Array.from({ length: 2 * bins }, (_, i) =>
      complex ? flat[2 * a * bins + i] : i % 2 === 0 ? flat[a * bins + i / 2] : 0,
    ),
  );
}

const isArray = (value: unknown): value is NdArray =>
  value instanceof NdArray || (typeof value === "object" && value !== null && "stride" in value && "shape" in value);

/** Exposures read in stripes: the flagged reference pixels of each amplifier, wherever they lie. */
export async function correctStripes(ramp: Ramp, context: Context): Promise<void> {
  const { params } = context;
  const placement = placementOf(ramp, false);
  const { ny, nx, fastaxis, slowaxis } = placement;
  const { xstart, ystart } = ramp.meta.subarray;
  const fastStart = ((Math.abs(fastaxis) === 1 ? xstart : ystart) ?? 1) - 1;
  // Superstripes: the flags of the first one count for all.
  const dq = ramp.pixeldq.flat().subarray(0, ny * nx);
  const frame = { ...placedFrame(placement, ny, nx), firstRow: 0, firstColumn: 0 };
  const columns: ColumnPlan = stripePlan(dq, frame, fastStart, params.odd_even_columns);
  await run(ramp, context, { ny, nx, fastaxis, slowaxis, siglimit: params.siglimit, columns });
}
