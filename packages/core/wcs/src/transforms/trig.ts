/** Degrees per radian. */
export const DEG: number = 180 / Math.PI;
/** Radians per degree. */
export const RAD: number = Math.PI / 180;

/** A 3 x 3 matrix, row by row. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

const QUARTER = Math.PI / 4;

// Taylor series; on |x| <= pi/4 the first term left out is below 1e-18.
function sinSmall(x: number): number {
  const t = x * x;
  let s = 1 / 355687428096000;
  s = s * t - 1 / 1307674368000;
  s = s * t + 1 / 6227020800;
  s = s * t - 1 / 39916800;
  s = s * t + 1 / 362880;
  s = s * t - 1 / 5040;
  s = s * t + 1 / 120;
  s = s * t - 1 / 6;
  return x + x * t * s;
}

function cosSmall(x: number): number {
  const t = x * x;
  let c = 1 / 20922789888000;
  c = c * t - 1 / 87178291200;
  c = c * t + 1 / 479001600;
  c = c * t - 1 / 3628800;
  c = c * t + 1 / 40320;
  c = c * t - 1 / 720;
  c = c * t + 1 / 24;
  c = c * t - 0.5;
  return 1 + t * c;
}

/** Up to this many points the functions of the language are used, which round like those of other libraries. */
const FEW = 16;

/**
 * Unit vectors of spherical coordinates.
 * @param lon - longitude [deg]
 * @param lat - latitude [deg]
 */
export function toCartesian(
  lon: Float64Array,
  lat: Float64Array,
  x: Float64Array,
  y: Float64Array,
  z: Float64Array,
  n: number,
): void {
  const limit = n > FEW ? QUARTER : 0;
  for (let i = 0; i < n; i++) {
    const a = lon[i] * RAD;
    const d = lat[i] * RAD;
    let cd: number;
    if (d < limit && d > -limit) {
      z[i] = sinSmall(d);
      cd = cosSmall(d);
    } else {
      z[i] = Math.sin(d);
      cd = Math.cos(d);
    }
    if (a < limit && a > -limit) {
      x[i] = cd * cosSmall(a);
      y[i] = cd * sinSmall(a);
    } else {
      x[i] = cd * Math.cos(a);
      y[i] = cd * Math.sin(a);
    }
  }
}

// atan(t) for |t| < 0.02; the first term left out is below 1e-19.
function atanSmall(t: number): number {
  const q = t * t;
  let s = -1 / 11;
  s = s * q + 1 / 9;
  s = s * q - 1 / 7;
  s = s * q + 1 / 5;
  s = s * q - 1 / 3;
  return t + t * q * s;
}

const NEAR = 0.02;

/**
 * Spherical coordinates of vectors of any length. Points of one block lie close together on the sky, so angles are measured
 * from the first point with a short series; far points take the arc tangent.
 * @param lon - longitude [deg], -180 .. 180 (0 at the poles)
 * @param lat - latitude [deg]
 */
export function toSpherical(
  x: Float64Array,
  y: Float64Array,
  z: Float64Array,
  lon: Float64Array,
  lat: Float64Array,
  n: number,
): void {
  let first = 0;
  while (first < n && !(Number.isFinite(x[first]) && Number.isFinite(y[first]) && Number.isFinite(z[first]))) first++;
  if (first === n) {
    for (let i = 0; i < n; i++) {
      lon[i] = Number.NaN;
      lat[i] = Number.NaN;
    }
    return;
  }
  const near = n > FEW ? NEAR : 0;
  const h0 = Math.sqrt(x[first] * x[first] + y[first] * y[first]);
  const r0 = Math.sqrt(h0 * h0 + z[first] * z[first]);
  const ca = h0 > 0 ? x[first] / h0 : 1;
  const sa = h0 > 0 ? y[first] / h0 : 0;
  const cd = r0 > 0 ? h0 / r0 : 1;
  const sd = r0 > 0 ? z[first] / r0 : 0;
  const lon0 = Math.atan2(sa, ca);
  const lat0 = Math.atan2(sd, cd);
  for (let i = 0; i < n; i++) {
    const xi = x[i];
    const yi = y[i];
    const zi = z[i];
    const h = Math.sqrt(xi * xi + yi * yi);
    let t = (yi * ca - xi * sa) / (xi * ca + yi * sa);
    let a: number;
    if (t < near && t > -near && xi * ca + yi * sa > 0) {
      a = lon0 + atanSmall(t);
      if (a > Math.PI) a -= 2 * Math.PI;
      else if (a <= -Math.PI) a += 2 * Math.PI;
    } else a = h === 0 ? 0 : Math.atan2(yi, xi);
    lon[i] = a * DEG;
    const along = h * cd + zi * sd;
    t = (zi * cd - h * sd) / along;
    const d = t < near && t > -near && along > 0 ? lat0 + atanSmall(t) : Math.atan2(zi, h);
    lat[i] = d * DEG;
  }
}

/** Bring longitudes of -180 .. 180 deg to 0 .. 360, in place. */
export function wrapPositive(lon: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) if (lon[i] < 0) lon[i] += 360;
}

/** Multiply vectors by a matrix. */
export function rotate(
  m: Matrix3,
  [x, y, z]: readonly Float64Array[],
  [u, v, w]: readonly Float64Array[],
  n: number,
): void {
  const [a, b, c, d, e, f, g, h, k] = m;
  for (let i = 0; i < n; i++) {
    const xi = x[i];
    const yi = y[i];
    const zi = z[i];
    u[i] = a * xi + b * yi + c * zi;
    v[i] = d * xi + e * yi + f * zi;
    w[i] = g * xi + h * yi + k * zi;
  }
}

/** Rotation of the coordinate system about one axis, by an angle in radians. */
export function axisMatrix(angle: number, axis: string): Matrix3 {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  if (axis === "x") return [1, 0, 0, 0, c, s, 0, -s, c];
  if (axis === "y") return [c, 0, -s, 0, 1, 0, s, 0, c];
  return [c, s, 0, -s, c, 0, 0, 0, 1];
}

export function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  const out = new Array<number>(9).fill(0);
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) for (let k = 0; k < 3; k++) out[3 * i + j] += a[3 * i + k] * b[3 * k + j];
  return out as unknown as Matrix3;
}

/** The rotation that does one axis after the other; angles in radians. */
export function sequenceMatrix(angles: readonly number[], axes: string): Matrix3 {
  let m: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  for (let i = 0; i < angles.length; i++) m = multiply(axisMatrix(angles[i], axes[i]), m);
  return m;
}
