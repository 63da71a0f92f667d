import { ValidationError } from "@calwebb/errors";
import type { Kernel } from "../transforms/formula-transform.js";
import { Polynomial1D } from "../transforms/polynomial.js";
import { BLOCK, type Transform } from "../transforms/transform.js";
import {
  clamped,
  coefficientsOf,
  extended,
  fieldTrace,
  isList,
  nearestSample,
  powerSum,
  samples,
  sortTogether,
  type Trace,
  type TraceModel,
  taking,
  traceOf,
} from "./trace.js";

/** The models of one order. */
export interface OrderModels {
  l: TraceModel;
  x: TraceModel;
  y: TraceModel;
}

const listOf = (model: TraceModel): readonly Transform[] => (isList(model) ? model : [model]);

function alone(model: TraceModel, role: string): Transform {
  if (!isList(model)) return taking(model, 1, role);
  throw new ValidationError(`${role}: one wavelength model is wanted, not a list of ${model.length}`);
}

/** Cosine and sine of an angle [deg]. */
const turnOf = (theta: number): readonly [number, number] => {
  const angle = (theta * Math.PI) / 180;
  return [Math.cos(angle), Math.sin(angle)];
};

/** t of the displacement along the dispersion by sampling the trace at each source. Outside the trace t is that of its end. */
function sampledDisplacement(models: readonly Transform[], sampling: number, role: string): Trace {
  const at = coefficientsOf(models, role);
  const t0 = samples(sampling);
  const places = new Float64Array(sampling);
  const t = new Float64Array(sampling);
  return (x0, y0, distance, out, n) => {
    const c = at(x0, y0, n);
    for (let i = 0; i < n; i++) {
      if (i === 0 || x0[i] !== x0[i - 1] || y0[i] !== y0[i - 1]) {
        for (let k = 0; k < sampling; k++) places[k] = powerSum(c, i, t0[k]);
        t.set(t0);
        sortTogether(places, t);
      }
      out[i] = clamped(places, t, distance[i]);
    }
  };
}

/** t of the displacement for a model that does not depend on the source: its first two coefficients are inverted. */
function linearDisplacement(model: Transform, role: string): Trace {
  if (!(model instanceof Polynomial1D) || model.coefficients.length < 2)
    throw new ValidationError(`${role}: ${model.describe()} is no polynomial of degree 1 and more`);
  const [c0, c1] = model.coefficients;
  return (_x, _y, distance, out, n) => {
    for (let i = 0; i < n; i++) out[i] = (distance[i] - c0) / c1;
  };
}

/** NIRCam, from the dispersed to the direct image: (x, y, x0, y0) to (x0, y0, wavelength). */
export function nircamForwardKernel(
  models: OrderModels,
  options: { axis: 0 | 1; inverse?: Transform; sampling: number; role: string },
): Kernel {
  const { axis, inverse, sampling, role } = options;
  const along = axis === 0 ? models.x : models.y;
  const back = (): Trace => {
    if (inverse) return traceOf(inverse, role);
    const list = listOf(along);
    const inputs = list[0]?.nInputs;
    if (isList(along) && inputs !== 1) return sampledDisplacement(list, sampling, role);
    return linearDisplacement(list[0], role);
  };
  const toParameter = back();
  const wavelength = traceOf(models.l, role);
  const distance = new Float64Array(BLOCK);
  const t = new Float64Array(BLOCK);
  return (input, [u, v, w], n) => {
    const [, , x0, y0] = input;
    const here = input[axis];
    const source = input[2 + axis];
    for (let i = 0; i < n; i++) distance[i] = here[i] - source[i];
    toParameter(x0, y0, distance, t, n);
    wavelength(x0, y0, t, w, n);
    u.set(x0.subarray(0, n));
    v.set(y0.subarray(0, n));
  };
}

/** NIRISS and MIRI, from the dispersed to the direct image. Outside the trace t goes on along its first and last sample. */
export function sampledForwardKernel(
  models: OrderModels,
  options: { axis: 0 | 1; theta: number; sampling: number; role: string },
): Kernel {
  const { axis, theta, sampling, role } = options;
  const atX = coefficientsOf(listOf(models.x), role);
  const atY = coefficientsOf(listOf(models.y), role);
  const wavelength = alone(models.l, role);
  const [c, s] = turnOf(theta);
  const t0 = samples(sampling);
  const places = new Float64Array(sampling);
  const order = new Float64Array(sampling);
  const t = new Float64Array(BLOCK);
  return (input, [u, v, w], n) => {
    const [, , x0, y0] = input;
    const here = input[axis];
    const source = input[2 + axis];
    const [cx, cy] = [atX(x0, y0, n), atY(x0, y0, n)];
    for (let i = 0; i < n; i++) {
      if (i === 0 || x0[i] !== x0[i - 1] || y0[i] !== y0[i - 1]) {
        for (let k = 0; k < sampling; k++) {
          const [dx, dy] = [powerSum(cx, i, t0[k]), powerSum(cy, i, t0[k])];
          if (theta === 0) places[k] = axis === 0 ? dx : dy;
          else places[k] = axis === 0 ? c * dx - s * dy : s * dx + c * dy;
        }
        order.set(t0);
        sortTogether(places, order);
        for (let k = 1; k < sampling; k++)
          if (places[k] === places[k - 1])
            throw new ValidationError(`${role}: the trace at (${x0[i]}, ${y0[i]}) stands still or turns back`);
      }
      t[i] = extended(places, order, here[i] - source[i]);
    }
    wavelength.kernel([t], [w], n);
    u.set(x0.subarray(0, n));
    v.set(y0.subarray(0, n));
  };
}

/** t of the wavelength for NIRCam by sampling: interpolated in a table, or where the trace of the source comes nearest to it. */
function sampledWavelength(model: TraceModel, sampling: number, role: string): Trace {
  const t0 = samples(sampling);
  const list = listOf(model);
  const waves = new Float64Array(sampling);
  if (list.length === 1) {
    const single = taking(list[0], 1, role);
    for (let k = 0; k < sampling; k += BLOCK) {
      const end = Math.min(sampling, k + BLOCK);
      single.kernel([t0.subarray(k, end)], [waves.subarray(k, end)], end - k);
    }
    // The table is used as it stands, also when wavelengths fall along the trace.
    return (_x, _y, wavelength, out, n) => {
      for (let i = 0; i < n; i++) out[i] = clamped(waves, t0, wavelength[i]);
    };
  }
  const at = coefficientsOf(list, role);
  const room = new Float64Array(sampling);
  return (x, y, wavelength, out, n) => {
    const c = at(x, y, n);
    for (let i = 0; i < n; i++) {
      if (i === 0 || x[i] !== x[i - 1] || y[i] !== y[i - 1])
        for (let k = 0; k < sampling; k++) waves[k] = powerSum(c, i, t0[k]);
      out[i] = nearestSample(waves, t0, wavelength[i], room);
    }
  };
}

/** From the direct to the dispersed image: (x0, y0, wavelength) to (x, y, x0, y0). */
export function backwardKernel(
  models: OrderModels,
  options: { nircam: boolean; inverse?: TraceModel; theta: number; sampling: number; role: string },
): Kernel {
  const { nircam, inverse, theta, sampling, role } = options;
  const parameter = (): Trace => {
    if (!nircam) return traceOf(alone(models.l, role), role);
    return inverse ? traceOf(inverse, role) : sampledWavelength(models.l, sampling, role);
  };
  const toParameter = parameter();
  const trace = (model: TraceModel): Trace => (nircam ? traceOf(model, role) : fieldTrace(listOf(model), role));
  const [alongX, alongY] = [trace(models.x), trace(models.y)];
  const [c, s] = turnOf(theta);
  const t = new Float64Array(BLOCK);
  return ([x0, y0, wavelength], [x, y, u, v], n) => {
    for (let i = 0; i < n; i++)
      if (wavelength[i] < 0)
        throw new ValidationError(`${role}: a negative wavelength`, { got: String(wavelength[i]), wanted: ">= 0" });
    toParameter(x0, y0, wavelength, t, n);
    alongX(x0, y0, t, x, n);
    alongY(x0, y0, t, y, n);
    for (let i = 0; i < n; i++) {
      const [dx, dy] = [x[i], y[i]];
      x[i] = x0[i] + (theta === 0 ? dx : c * dx - s * dy);
      y[i] = y0[i] + (theta === 0 ? dy : s * dx + c * dy);
    }
    u.set(x0.subarray(0, n));
    v.set(y0.subarray(0, n));
  };
}
