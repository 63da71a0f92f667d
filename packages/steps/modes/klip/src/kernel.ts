import { symmetricEigen } from "@calwebb/linalg";
import { pairwiseSum } from "@calwebb/stats";

/** The modes of a set of reference images. */
export interface Modes {
  /** Orthonormal images, strongest first, [count][npix]. */
  readonly images: Float64Array;
  readonly count: number;
  /** Reference images less their means, [nrefs][npix]. */
  readonly references: Float64Array;
  readonly nrefs: number;
  readonly npix: number;
}

function dot(a: Float64Array, b: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const n = a.length - (a.length % 4);
  for (let i = 0; i < n; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (let i = n; i < a.length; i++) s0 += a[i] * b[i];
  return s0 + s1 + (s2 + s3);
}

/** y += factor x. */
function add(y: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] += factor * x[i];
}

/** An image in double precision, less its mean. */
function centred(image: Float32Array): Float64Array {
  const out = Float64Array.from(image);
  const mean = pairwiseSum(out, 0, out.length) / out.length;
  for (let i = 0; i < out.length; i++) out[i] -= mean;
  return out;
}

/**
 * Karhunen-Loeve images of a stack of references (Soummer, Pueyo & Larkin 2012, ApJ 755, L28): eigenvectors of the covariance of
 * the references, as images, normalised.
 * @param refs - [nrefs][npix]; not changed
 * @param truncate - how many to keep
 * @throws {RangeError} for references with values that are not finite
 */
export function modesOf(refs: Float32Array, nrefs: number, npix: number, truncate: number): Modes {
  const references = new Float64Array(nrefs * npix);
  const row = (k: number): Float64Array => references.subarray(k * npix, (k + 1) * npix);
  for (let k = 0; k < nrefs; k++) row(k).set(centred(refs.subarray(k * npix, (k + 1) * npix)));
  const covariance = new Float64Array(nrefs * nrefs);
  for (let k = 0; k < nrefs; k++)
    for (let l = 0; l <= k; l++) {
      const value = dot(row(k), row(l)) / Math.max(1, npix - 1);
      covariance[k * nrefs + l] = value;
      covariance[l * nrefs + k] = value;
    }
  const { vectors } = symmetricEigen(covariance, nrefs);
  const wanted = Math.min(truncate, nrefs);
  const images = new Float64Array(wanted * npix);
  let count = 0;
  for (let k = 0; k < wanted; k++) {
    const image = images.subarray(count * npix, (count + 1) * npix);
    for (let l = 0; l < nrefs; l++) add(image, vectors[k * nrefs + l], row(l));
    const norm = Math.sqrt(dot(image, image));
    // References that are sums of others add nothing.
    if (norm === 0) continue;
    for (let i = 0; i < npix; i++) image[i] /= norm;
    count++;
  }
  return { images, count, references, nrefs, npix };
}

/** Take the projection on the modes out of an image, in place; `projected` is what the projection is made of. */
function subtractModes(image: Float64Array, projected: Float64Array, { images, count, npix }: Modes): void {
  const fit = new Float64Array(npix);
  for (let k = 0; k < count; k++) {
    const mode = images.subarray(k * npix, (k + 1) * npix);
    add(fit, dot(projected, mode), mode);
  }
  add(image, -1, fit);
}

/**
 * Subtract the projection on the modes and the mean from a target image, in place.
 * @param target - [npix]
 */
export function subtractPsf(target: Float32Array, modes: Modes): void {
  const whole = Float64Array.from(target);
  const image = centred(target);
  subtractModes(image, whole, modes);
  target.set(image);
}

/**
 * Standard deviation, over the references, of what is left of each after its own projection on the modes is subtracted.
 * @param err - [npix], overwritten
 */
export function residualDeviation(modes: Modes, err: Float32Array): void {
  const { references, nrefs, npix } = modes;
  const left = references.slice();
  for (let k = 0; k < nrefs; k++)
    subtractModes(left.subarray(k * npix, (k + 1) * npix), references.subarray(k * npix, (k + 1) * npix), modes);
  for (let i = 0; i < npix; i++) {
    let sum = 0;
    for (let k = 0; k < nrefs; k++) sum += left[k * npix + i];
    const mean = sum / nrefs;
    let squares = 0;
    for (let k = 0; k < nrefs; k++) squares += (left[k * npix + i] - mean) ** 2;
    err[i] = Math.sqrt(squares / nrefs);
  }
}
