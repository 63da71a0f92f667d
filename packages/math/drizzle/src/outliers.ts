/** One image and the one that it should look like. */
export interface OutlierArgs {
  /** [ny][nx] */
  data: Float32Array;
  /** [ny][nx]; NaN counts as 0. */
  err: Float32Array;
  /** [ny][nx] */
  model: Float32Array;
  nx: number;
  ny: number;
  /** Thresholds in units of the error, first and second pass. */
  snr: readonly [number, number];
  /** Factors on the derivative of the model, first and second pass. */
  scale: readonly [number, number];
  /** Added to the model. */
  background: number;
}

/**
 * Largest absolute difference between a pixel and its four neighbours: NaN where the pixel is NaN, 0 without finite neighbours.
 * @returns [ny][nx]
 */
export function absoluteDerivative(image: Float32Array, nx: number, ny: number): Float32Array {
  const out = new Float32Array(image.length);
  for (let j = 0; j < ny; j++) {
    const up = j > 0 ? -nx : 0;
    const down = j + 1 < ny ? nx : 0;
    const first = j * nx;
    const last = first + nx - 1;
    for (let p = first; p <= last; p++) {
      const v = image[p];
      if (!(v >= 0 || v < 0)) {
        out[p] = Number.NaN;
        continue;
      }
      // Beyond an edge the pixel is its own neighbour, and no step.
      let d = 0;
      let step = Math.abs(v - image[p + up]);
      if (step > d && step < Number.POSITIVE_INFINITY) d = step;
      step = Math.abs(image[p + down] - v);
      if (step > d) d = step;
      step = Math.abs(v - image[p > first ? p - 1 : p]);
      if (step > d) d = step;
      step = Math.abs(image[p < last ? p + 1 : p] - v);
      if (step > d) d = step;
      out[p] = d;
    }
  }
  return out;
}

const LARGEST = Math.fround(3.4028234663852886e38);

/** NaN to 0, infinities to the largest numbers. */
function tame(v: number): number {
  if (v >= -LARGEST && v <= LARGEST) return v;
  return v > 0 ? LARGEST : v < 0 ? -LARGEST : 0;
}

/**
 * Outliers of an image compared with a model of it, in two passes: the difference exceeds `scale` times the derivative of the model
 * plus `snr` times the error; the first pass, whose hits are grown by one pixel all round, decides where the second may find some.
 * @returns [ny][nx], 1 for an outlier
 */
export function flagResampled(a: OutlierArgs): Uint8Array {
  const { data, err, model, nx, ny } = a;
  const derivative = absoluteDerivative(model, nx, ny);
  const background = Math.fround(a.background);
  const first = new Uint8Array(data.length);
  const out = new Uint8Array(data.length);
  const [scale1, scale2] = a.scale.map(Math.fround);
  const [snr1, snr2] = a.snr.map(Math.fround);
  for (let p = 0; p < data.length; p++) {
    const difference = Math.abs(Math.fround(Math.fround(data[p] - model[p]) - background));
    const e = tame(err[p]);
    const d = derivative[p];
    if (difference > Math.fround(Math.fround(scale1 * d) + Math.fround(snr1 * e))) first[p] = 1;
    if (difference > Math.fround(Math.fround(scale2 * d) + Math.fround(snr2 * e))) out[p] = 1;
  }
  for (let p = out.indexOf(1); p >= 0; p = out.indexOf(1, p + 1))
    if (!near(first, p % nx, Math.floor(p / nx), nx, ny)) out[p] = 0;
  return out;
}

/** Whether a pixel or one of its eight neighbours is set. */
function near(mask: Uint8Array, i: number, j: number, nx: number, ny: number): boolean {
  for (let y = Math.max(0, j - 1); y <= Math.min(ny - 1, j + 1); y++)
    for (let x = Math.max(0, i - 1); x <= Math.min(nx - 1, i + 1); x++) if (mask[y * nx + x] === 1) return true;
  return false;
}

/**
 * Outliers of images that are not dithered: the difference to the model exceeds `snr` times the error. The model repeats when it is
 * shorter than the data (one image for all integrations); in float64 it is compared in float64.
 * @returns 1 for an outlier
 */
export function flagPlain(
  data: Float32Array,
  err: Float32Array,
  model: Float32Array | Float64Array,
  snr: number,
): Uint8Array {
  return model instanceof Float32Array ? flagSingle(data, err, model, snr) : flagDouble(data, err, model, snr);
}

function flagSingle(data: Float32Array, err: Float32Array, model: Float32Array, snr: number): Uint8Array {
  const out = new Uint8Array(data.length);
  const factor = Math.fround(snr);
  for (let p = 0, q = 0; p < data.length; p++) {
    if (Math.abs(Math.fround(data[p] - model[q])) > Math.fround(factor * tame(err[p]))) out[p] = 1;
    if (++q === model.length) q = 0;
  }
  return out;
}

function flagDouble(data: Float32Array, err: Float32Array, model: Float64Array, snr: number): Uint8Array {
  const out = new Uint8Array(data.length);
  const factor = Math.fround(snr);
  for (let p = 0, q = 0; p < data.length; p++) {
    if (Math.abs(data[p] - model[q]) > Math.fround(factor * tame(err[p]))) out[p] = 1;
    if (++q === model.length) q = 0;
  }
  return out;
}
