import { type Formula, type Parameters, pointwise, snap } from "./formula.js";
import { otherFormula } from "./projection-others.js";
import { DEG, RAD } from "./trig.js";

/** A zenithal projection from its radius [deg] as function of theta [rad], and back; NaN where there is no point. */
function zenithal(radius: (theta: number) => number, theta: (radius: number) => number): Formula {
  return {
    toPlane(phi, lat, x, y, n) {
      for (let i = 0; i < n; i++) {
        const r = radius(lat[i] * RAD);
        x[i] = r * Math.sin(phi[i] * RAD);
        y[i] = -r * Math.cos(phi[i] * RAD);
      }
    },
    toSky(x, y, phi, lat, n) {
      for (let i = 0; i < n; i++) {
        const r = Math.sqrt(x[i] * x[i] + y[i] * y[i]);
        phi[i] = r === 0 ? 0 : Math.atan2(x[i], -y[i]) * DEG;
        lat[i] = theta(r) * DEG;
      }
    },
  };
}

const HALF = Math.PI / 2;

const gnomonic: Formula = {
  ...zenithal(
    (t) => (Math.sin(t) > 0 ? (DEG * Math.cos(t)) / Math.sin(t) : Number.NaN),
    (r) => Math.atan2(DEG, r),
  ),
};

const equalArea = zenithal(
  (t) => DEG * 2 * Math.sin((HALF - t) / 2),
  (r) => HALF - 2 * Math.asin(snap(r / (2 * DEG))),
);

const equidistant = zenithal(
  (t) => (HALF - t) * DEG,
  (r) => (r <= 180 * (1 + 1e-12) ? HALF - r * RAD : Number.NaN),
);

const stereographic = zenithal(
  (t) => DEG * 2 * Math.tan((HALF - t) / 2),
  (r) => HALF - 2 * Math.atan(r / (2 * DEG)),
);

function airy(thetaB: number): Formula {
  const xiB = (Math.PI / 180) * ((90 - thetaB) / 2);
  const k = Math.abs(xiB) < 1e-4 ? -0.5 : Math.log(Math.cos(xiB)) / Math.tan(xiB) ** 2;
  const radius = (theta: number): number => {
    const xi = (HALF - theta) / 2;
    if (xi < 1e-4) return DEG * -2 * (xi * (k - 0.5));
    return DEG * -2 * (Math.log(Math.cos(xi)) / Math.tan(xi) + k * Math.tan(xi));
  };
  return zenithal(radius, (r) => {
    // The radius grows with the distance from the pole: bisection, then nothing more is needed.
    let low = -HALF + 1e-9;
    let high = HALF;
    if (!(r <= radius(low))) return Number.NaN;
    for (let i = 0; i < 80; i++) {
      const middle = (low + high) / 2;
      if (radius(middle) > r) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  });
}

function orthographic(xi: number, eta: number): Formula {
  const plane = (phi: number, theta: number): [number, number] => {
    const [c, s] = [Math.cos(theta * RAD), Math.sin(theta * RAD)];
    return [DEG * (c * Math.sin(phi * RAD) + xi * (1 - s)), -DEG * (c * Math.cos(phi * RAD) - eta * (1 - s))];
  };
  const sky = (px: number, py: number): [number, number] => {
    const x = px * RAD;
    const y = py * RAD;
    const a = xi * xi + eta * eta + 1;
    const b = xi * (x - xi) + eta * (y - eta);
    const c = (x - xi) ** 2 + (y - eta) ** 2 - 1;
    const root = Math.sqrt(b * b - a * c);
    const s = snap((-b + root) / a);
    const w = 1 - s;
    return [Math.atan2(x - xi * w, -(y - eta * w)) * DEG, Math.asin(s) * DEG];
  };
  return pointwise(sky, plane);
}

function perspective(mu: number, gamma: number): Formula {
  const [cg, sg] = [Math.cos(gamma * RAD), Math.sin(gamma * RAD)];
  const plane = (phi: number, theta: number): [number, number] => {
    const [c, s] = [Math.cos(theta * RAD), Math.sin(theta * RAD)];
    const r = (DEG * (mu + 1) * c) / (mu + s + c * Math.cos(phi * RAD) * (sg / cg));
    return [r * Math.sin(phi * RAD), (-r * Math.cos(phi * RAD)) / cg];
  };
  const sky = (x: number, y: number): [number, number] => {
    const yc = y * cg;
    const r = Math.hypot(x, yc);
    const phi = r === 0 ? 0 : Math.atan2(x, -yc);
    const rho = r / (DEG * (mu + 1) + y * sg);
    const psi = Math.atan2(1, rho);
    const omega = Math.asin(snap((rho * mu) / Math.sqrt(rho * rho + 1)));
    const one = psi - omega;
    const two = psi + omega + Math.PI;
    const wrapped = two > HALF ? two - 2 * Math.PI : two;
    const theta = Math.abs(mu) < 1 || Math.abs(wrapped) > HALF ? one : Math.max(one, wrapped);
    return [phi * DEG, theta * DEG];
  };
  return pointwise(sky, plane);
}

/** The formulas of a projection by the name of its tag; undefined for one that is not known here. */
export function formulaOf(kind: string, p: Parameters): Formula | undefined {
  switch (kind) {
    case "gnomonic":
      return gnomonic;
    case "zenithal_equal_area":
      return equalArea;
    case "zenithal_equidistant":
      return equidistant;
    case "stereographic":
      return stereographic;
    case "slant_orthographic":
      return orthographic(p.xi ?? 0, p.eta ?? 0);
    case "zenithal_perspective":
      return perspective(p.mu ?? 0, p.gamma ?? 0);
    case "airy":
      return airy(p.theta_b ?? 90);
    default:
      return otherFormula(kind, p);
  }
}
