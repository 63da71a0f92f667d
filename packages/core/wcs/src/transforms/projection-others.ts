import { type Formula, type Parameters, pointwise, snap } from "./formula.js";
import { DEG, RAD } from "./trig.js";

const sin = (deg: number): number => Math.sin(deg * RAD);
const cos = (deg: number): number => Math.cos(deg * RAD);
const tan = (deg: number): number => Math.tan(deg * RAD);
const asin = (s: number): number => Math.asin(snap(s)) * DEG;

/** The angle g with 2 g + sin 2 g = pi sin(theta), all in radians. */
function mollweideAngle(theta: number): number {
  const target = Math.PI * Math.sin(theta);
  if (Math.abs(Math.abs(target) - Math.PI) < 1e-14) return Math.sign(theta) * (Math.PI / 2);
  let low = -Math.PI;
  let high = Math.PI;
  // v + sin v grows with v.
  for (let i = 0; i < 80; i++) {
    const v = (low + high) / 2;
    if (v + Math.sin(v) > target) high = v;
    else low = v;
  }
  return (low + high) / 4;
}

function cylindrical(p: Parameters, kind: string): Formula {
  if (kind === "cylindrical_equal_area") {
    const lambda = p.lam ?? 1;
    return pointwise(
      (x, y) => [x, asin(y * RAD * lambda)],
      (phi, theta) => [phi, (DEG * sin(theta)) / lambda],
    );
  }
  const mu = p.mu ?? 1;
  const lambda = p.lam ?? 1;
  return pointwise(
    (x, y) => {
      const eta = (y * RAD) / (mu + lambda);
      return [x / lambda, Math.atan2(eta, 1) * DEG + asin((eta * mu) / Math.sqrt(eta * eta + 1))];
    },
    (phi, theta) => [lambda * phi, (DEG * (mu + lambda) * sin(theta)) / (mu + cos(theta))],
  );
}

/** Conic projections: middle latitude `sigma` and half the distance `delta` of the standard parallels [deg]. */
function conic(kind: string, sigma: number, delta: number): Formula {
  let c: number;
  let radius: (theta: number) => number;
  let theta: (radius: number) => number;
  const sign = Math.sign(sigma);
  if (kind === "conic_perspective") {
    c = sin(sigma);
    const k = DEG * cos(delta);
    radius = (t) => k * (1 / tan(sigma) - tan(t - sigma));
    theta = (r) => sigma + Math.atan(1 / tan(sigma) - r / k) * DEG;
  } else if (kind === "conic_equidistant") {
    const scale = delta === 0 ? 1 : sin(delta) / (delta * RAD);
    c = sin(sigma) * scale;
    const y0 = delta === 0 ? DEG / tan(sigma) : delta * (1 / tan(delta)) * (1 / tan(sigma));
    radius = (t) => sigma - t + y0;
    theta = (r) => sigma + y0 - r;
  } else if (kind === "conic_equal_area") {
    const [s1, s2] = [sin(sigma - delta), sin(sigma + delta)];
    const gamma = s1 + s2;
    c = gamma / 2;
    radius = (t) => (DEG * 2 * Math.sqrt(1 + s1 * s2 - gamma * sin(t))) / gamma;
    theta = (r) => asin((1 + s1 * s2) / gamma - gamma * ((r * RAD) / 2) ** 2);
  } else {
    const [t1, t2] = [sigma - delta, sigma + delta];
    c = delta === 0 ? sin(sigma) : Math.log(cos(t2) / cos(t1)) / Math.log(tan((90 - t2) / 2) / tan((90 - t1) / 2));
    const psi = (DEG * cos(t1)) / (c * tan((90 - t1) / 2) ** c);
    radius = (t) => psi * tan((90 - t) / 2) ** c;
    theta = (r) => 90 - 2 * Math.atan((r / psi) ** (1 / c)) * DEG;
  }
  const y0 = radius(sigma);
  return pointwise(
    (x, y) => {
      const r = sign * Math.hypot(x, y0 - y);
      return [r === 0 ? 0 : (Math.atan2(x / r, (y0 - y) / r) * DEG) / c, theta(r)];
    },
    (phi, t) => {
      const r = radius(t);
      return [r * sin(c * phi), y0 - r * cos(c * phi)];
    },
  );
}

function bonne(theta1: number): Formula {
  const y0 = DEG / tan(theta1) + theta1;
  return pointwise(
    (x, y) => {
      const r = Math.sign(theta1) * Math.hypot(x, y0 - y);
      const theta = y0 - r;
      const a = Math.atan2(x / r, (y0 - y) / r);
      return [(a * r) / cos(theta), theta];
    },
    (phi, theta) => {
      const r = y0 - theta;
      const a = (phi * cos(theta)) / r;
      return [r * Math.sin(a), y0 - r * Math.cos(a)];
    },
  );
}

function polyconicSky(x: number, y: number): [number, number] {
  if (y === 0) return [x, 0];
  if (Math.abs(y) === 90) return [0, y];
  // Theta lies between 0 and y: the function below changes sign there (Calabretta & Greisen 2002, section 5.5.2).
  const f = (t: number): number => x * x - (2 * DEG * (y - t)) / tan(t) + (y - t) ** 2;
  let near = y > 0 ? 1e-12 : -1e-12;
  let far = y;
  for (let i = 0; i < 90; i++) {
    const middle = (near + far) / 2;
    if (f(middle) < 0) near = middle;
    else far = middle;
  }
  const theta = (near + far) / 2;
  const t = tan(theta);
  return [(Math.atan2(x * RAD * t, 1 - (y - theta) * RAD * t) * DEG) / sin(theta), theta];
}

/** Cylindrical, conic and other projections without a pole in the middle. */
export function otherFormula(kind: string, p: Parameters): Formula | undefined {
  switch (kind) {
    case "plate_carree":
      return pointwise(
        (x, y) => [x, y],
        (phi, theta) => [phi, theta],
      );
    case "mercator":
      return pointwise(
        (x, y) => [x, 2 * Math.atan(Math.exp(y * RAD)) * DEG - 90],
        (phi, theta) => [phi, DEG * Math.log(tan((90 + theta) / 2))],
      );
    case "cylindrical_equal_area":
    case "cylindrical_perspective":
      return cylindrical(p, kind);
    case "sanson_flamsteed":
      return pointwise(
        (x, y) => [x / cos(y), y],
        (phi, theta) => [phi * cos(theta), theta],
      );
    case "parabolic":
      return pointwise(
        (x, y) => [x / (1 - 4 * (y / 180) ** 2), 3 * asin(y / 180)],
        (phi, theta) => [phi * (2 * cos((2 * theta) / 3) - 1), 180 * sin(theta / 3)],
      );
    case "molleweide":
      return pointwise(
        (x, y) => {
          const g = Math.asin(snap((y * RAD) / Math.SQRT2));
          return [(Math.PI * x) / (2 * Math.SQRT2 * Math.cos(g)), asin((2 * g + Math.sin(2 * g)) / Math.PI)];
        },
        (phi, theta) => {
          const g = mollweideAngle(theta * RAD);
          return [((2 * Math.SQRT2) / Math.PI) * phi * Math.cos(g), Math.SQRT2 * DEG * Math.sin(g)];
        },
      );
    case "hammer_aitoff":
      return pointwise(
        (x, y) => {
          const z = Math.sqrt(1 - ((x * RAD) / 4) ** 2 - ((y * RAD) / 2) ** 2);
          return [2 * Math.atan2((z * x * RAD) / 2, 2 * z * z - 1) * DEG, asin(y * RAD * z)];
        },
        (phi, theta) => {
          const g = DEG * Math.sqrt(2 / (1 + cos(theta) * cos(phi / 2)));
          return [2 * g * cos(theta) * sin(phi / 2), g * sin(theta)];
        },
      );
    case "conic_perspective":
    case "conic_equidistant":
    case "conic_equal_area":
    case "conic_orthomorphic":
      return conic(kind, p.sigma ?? 90, p.delta ?? 0);
    case "bonne_equal_area":
      return (p.theta1 ?? 0) === 0 ? otherFormula("sanson_flamsteed", p) : bonne(p.theta1);
    case "polyconic":
      return pointwise(polyconicSky, (phi, theta) => {
        if (theta === 0) return [phi, 0];
        const e = phi * sin(theta);
        return [(DEG / tan(theta)) * sin(e), theta + (DEG / tan(theta)) * (1 - cos(e))];
      });
    default:
      return undefined;
  }
}
