import { ValidationError } from "@calwebb/errors";
import { interval } from "../transforms/tabular.js";
import { BLOCK, type Transform } from "../transforms/transform.js";

/** A function of the trace parameter: one transform of it, or the coefficients of its powers, each a transform of the position. */
export type TraceModel = Transform | readonly Transform[];

/** Values of a trace at n positions and parameters. */
export type Trace = (x: Float64Array, y: Float64Array, t: Float64Array, out: Float64Array, n: number) => void;

export const isList = (model: TraceModel): model is readonly Transform[] => Array.isArray(model);

/** A transform that has to have a certain number of inputs. */
export function taking(transform: Transform, count: number, role: string): Transform {
  if (transform.nInputs === count && transform.nOutputs === 1) return transform;
  throw new ValidationError(`${role}: ${transform.describe()} takes ${transform.nInputs} coordinates, not ${count}`, {
    got: String(transform.nInputs),
    wanted: String(count),
  });
}

/** Evaluates the coefficients of a trace at n positions; the arrays returned are written again by the next call. */
export function coefficientsOf(
  models: readonly Transform[],
  role: string,
): (x: Float64Array, y: Float64Array, n: number) => readonly Float64Array[] {
  if (models.length === 0) throw new ValidationError(`${role}: a trace without coefficients`);
  for (const model of models) taking(model, 2, role);
  const room = models.map(() => new Float64Array(BLOCK));
  return (x, y, n) => {
    for (const [i, model] of models.entries()) model.kernel([x, y], [room[i]], n);
    return room;
  };
}

/** The sum of c[i][at] t^i, term by term in rising order, as the reference implementation adds them. */
export function powerSum(c: readonly Float64Array[], at: number, t: number): number {
  let sum = c[0][at];
  for (let i = 1; i < c.length; i++) sum += c[i][at] * (i === 1 ? t : i === 2 ? t * t : t ** i);
  return sum;
}

/** A trace whose coefficients depend on the position. */
export function fieldTrace(models: readonly Transform[], role: string): Trace {
  const at = coefficientsOf(models, role);
  return (x, y, t, out, n) => {
    const c = at(x, y, n);
    for (let i = 0; i < n; i++) out[i] = powerSum(c, i, t[i]);
  };
}

/** The trace of a model of either form: a list of two and more holds coefficients, all else is a function of the parameter alone. */
export function traceOf(model: TraceModel, role: string): Trace {
  if (isList(model) && model.length !== 1) return fieldTrace(model, role);
  const alone = taking(isList(model) ? model[0] : model, 1, role);
  return (_x, _y, t, out, n) => alone.kernel([t], [out], n);
}

/** Trace parameters from 0 to 1 in equal steps. */
export function samples(count: number): Float64Array {
  const step = 1 / (count - 1);
  const t = Float64Array.from({ length: count }, (_, i) => i * step);
  t[count - 1] = 1;
  return t;
}

/** Put points in the order of rising x, in place; y goes along. */
export function sortTogether(x: Float64Array, y: Float64Array): void {
  let rising = true;
  let falling = true;
  for (let i = 1; i < x.length; i++) {
    if (x[i] < x[i - 1]) rising = false;
    if (x[i] >= x[i - 1]) falling = false;
  }
  if (rising) return;
  if (falling) {
    x.reverse();
    y.reverse();
    return;
  }
  const order = Array.from(x, (_, i) => i).sort((a, b) => x[a] - x[b]);
  const [u, v] = [x.slice(), y.slice()];
  for (const [i, from] of order.entries()) {
    x[i] = u[from];
    y[i] = v[from];
  }
}

/** Linear interpolation that keeps the value of the end outside (`numpy.interp`); the ends are looked at first, as there. */
export function clamped(x: Float64Array, y: Float64Array, value: number): number {
  const last = x.length - 1;
  if (Number.isNaN(value)) return value;
  if (value > x[last]) return y[last];
  if (value < x[0]) return y[0];
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value >= x[middle]) low = middle + 1;
    else high = middle;
  }
  const k = low - 1;
  if (k < 0) return Number.NaN;
  if (k === last || x[k] === value) return y[k];
  return ((y[k + 1] - y[k]) / (x[k + 1] - x[k])) * (value - x[k]) + y[k];
}

/** Linear interpolation that goes on along the first and last interval outside; x rises. */
export function extended(x: Float64Array, y: Float64Array, value: number): number {
  const k = interval(x, value);
  const f = (value - x[k]) / (x[k + 1] - x[k]);
  return y[k] * (1 - f) + y[k + 1] * f;
}

/**
 * Where sampled values come nearest to `target`: at an end of the samples the end itself; else where the slope of the squared
 * differences, taken as linear through two samples beside the least one, is zero. NaN counts as least, as in `numpy.argmin`.
 */
export function nearestSample(values: Float64Array, t: Float64Array, target: number, room: Float64Array): number {
  const last = values.length - 1;
  let k = 0;
  for (let i = 0; i <= last; i++) {
    const d = values[i] - target;
    room[i] = d * d;
  }
  for (let i = 0; i <= last; i++) {
    if (Number.isNaN(room[i])) {
      k = i;
      break;
    }
    if (room[i] < room[k]) k = i;
  }
  if (k === 0) return 0;
  if (k === last) return 1;
  const slope = (i: number): number => {
    if (i === 0) return room[1] - room[0];
    return i === last ? room[last] - room[last - 1] : (room[i + 1] - room[i - 1]) / 2;
  };
  const here = slope(k);
  if (here === 0) return t[k];
  const left = here > 0 ? k : k - 1;
  const right = here < 0 ? k : k + 1;
  const m = (slope(right) - slope(left)) / (t[right] - t[left]);
  return -(slope(right) - m * t[right]) / m;
}
