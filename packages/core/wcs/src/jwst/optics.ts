import { FormulaTransform, type Kernel, ownMembers, unary } from "../transforms/formula-transform.js";
import { type Members, numberAt, numbersAt } from "../transforms/node.js";
import { SphericalRotationSequence } from "../transforms/sphere.js";
import type { Transform } from "../transforms/transform.js";
import { wrapPositive } from "../transforms/trig.js";

const JWST = "tag:stsci.edu:jwst_pipeline/";
const GWCS = "tag:stsci.edu:gwcs/";

const third: Kernel = (_input, [x, y, z], n) => {
  for (let i = 0; i < n; i++) z[i] = Math.sqrt(1 - x[i] * x[i] - y[i] * y[i]);
};

/** The 3-D grating equation of gwcs and of the JWST pipeline, whose signs differ. */
export function gratingEquation(members: Members, family: "gwcs" | "jwst"): Transform {
  const [d, m] = [numberAt(members, "groove_density"), numberAt(members, "order")];
  const tag = family === "gwcs" ? `${GWCS}grating_equation-1.3.0` : `${JWST}grating_equation-1.2.0`;
  const common = { tag, members: ownMembers(members) };
  if (members.output === "wavelength") {
    if (family === "gwcs")
      return new FormulaTransform({
        ...common,
        inputs: ["alpha_in", "alpha_out"],
        outputs: ["wavelength"],
        kernel: ([a, b], [w], n) => {
          for (let i = 0; i < n; i++) w[i] = (a[i] + b[i]) / (d * m);
        },
      });
    return new FormulaTransform({
      ...common,
      inputs: ["alpha_in", "beta_in", "alpha_out"],
      outputs: ["lam"],
      kernel: ([a, , b], [w], n) => {
        for (let i = 0; i < n; i++) w[i] = -(a[i] + b[i]) / (d * m);
      },
    });
  }
  const sign = family === "gwcs" ? 1 : -1;
  const kernel: Kernel = (input, output, n) => {
    const [w, a, b] = input;
    const [x, y] = output;
    for (let i = 0; i < n; i++) {
      x[i] = sign * a[i] - d * m * w[i];
      y[i] = -b[i];
    }
    third(input, output, n);
  };
  return new FormulaTransform({
    ...common,
    inputs: family === "gwcs" ? ["wavelength", "alpha_in", "beta_in"] : ["lam", "alpha_in", "beta_in", "z"],
    outputs: family === "gwcs" ? ["alpha_out", "beta_out", "gamma_out"] : ["alpha_out", "beta_out", "zout"],
    kernel,
  });
}

/** A vector (x, y, 1) to direction cosines and back; also under its old names. */
export function coords(members: Members): Transform {
  const tag = `${JWST}coords-1.2.0`;
  const toCosines = ["to_dircos", "unitless2directional"].includes(String(members.model_type));
  const opposite = (): Transform => coords({ model_type: toCosines ? "directional2unitless" : "unitless2directional" });
  const own = { model_type: toCosines ? "unitless2directional" : "directional2unitless" };
  if (toCosines)
    return new FormulaTransform({
      tag,
      members: own,
      inputs: ["x", "y"],
      outputs: ["x", "y", "z"],
      inverse: opposite,
      kernel: ([x, y], [u, v, w], n) => {
        for (let i = 0; i < n; i++) {
          const length = Math.sqrt(1 + x[i] * x[i] + y[i] * y[i]);
          u[i] = x[i] / length;
          v[i] = y[i] / length;
          w[i] = 1 / length;
        }
      },
    });
  return new FormulaTransform({
    tag,
    members: own,
    inputs: ["x", "y", "z"],
    outputs: ["x", "y"],
    inverse: opposite,
    kernel: ([x, y, z], [u, v], n) => {
      for (let i = 0; i < n; i++) {
        u[i] = x[i] / z[i];
        v[i] = y[i] / z[i];
      }
    },
  });
}

/** Direction cosines of gwcs, which also give the length. */
export function directionCosines(members: Members): Transform {
  const tag = `${GWCS}direction_cosines-1.3.0`;
  const to = members.transform_type === "to_direction_cosines";
  const inverse = (): Transform =>
    directionCosines({ transform_type: to ? "from_direction_cosines" : "to_direction_cosines" });
  const own = { transform_type: to ? "to_direction_cosines" : "from_direction_cosines" };
  const xyz = ["x", "y", "z"];
  const cosines = ["cosa", "cosb", "cosc", "length"];
  return new FormulaTransform({
    tag,
    members: own,
    inputs: to ? xyz : cosines,
    outputs: to ? cosines : xyz,
    inverse,
    kernel: to
      ? ([x, y], [a, b, c, l], n) => {
          for (let i = 0; i < n; i++) {
            l[i] = Math.sqrt(1 + x[i] * x[i] + y[i] * y[i]);
            a[i] = x[i] / l[i];
            b[i] = y[i] / l[i];
            c[i] = 1 / l[i];
          }
        }
      : ([a, b, c, l], [x, y, z], n) => {
          for (let i = 0; i < n; i++) {
            x[i] = a[i] * l[i];
            y[i] = b[i] * l[i];
            z[i] = c[i] * l[i];
          }
        },
  });
}

/** Turn direction cosines about axes one after the other; the third one follows from the length 1. Angles in radians. */
export function turnCosines(
  angles: ArrayLike<number>,
  axes: string,
  [x, y, z]: readonly Float64Array[],
  [u, v, w]: readonly Float64Array[],
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    u[i] = x[i];
    v[i] = y[i];
    w[i] = z[i];
  }
  for (let k = 0; k < axes.length; k++) {
    const c = Math.cos(angles[k]);
    const s = Math.sin(angles[k]);
    if (axes[k] === "x") turnPair(v, w, c, s, n);
    else if (axes[k] === "y") turnPair(u, w, c, -s, n);
    else turnPair(u, v, c, s, n, true);
    for (let i = 0; i < n; i++) w[i] = Math.sqrt(1 - u[i] * u[i] - v[i] * v[i]);
  }
}

/** a = a c + b s, and b = b c - a s if both are wanted. */
function turnPair(a: Float64Array, b: Float64Array, c: number, s: number, n: number, both = false): void {
  for (let i = 0; i < n; i++) {
    const [p, q] = [a[i], b[i]];
    a[i] = p * c + q * s;
    if (both) b[i] = q * c - p * s;
  }
}

/** Rotations to the grating wheel: angles [deg] about a string of axes. */
export function rotationToGwa(angles: readonly number[], axes: string): Transform {
  const radians = angles.map((a) => (a * Math.PI) / 180);
  return new FormulaTransform({
    tag: `${JWST}rotation_sequence-1.2.0`,
    members: { angles: [...angles], axes_order: axes },
    inputs: ["x", "y", "z"],
    outputs: ["x", "y", "z"],
    inverse: () => rotationToGwa(angles.map((a) => -a).reverse(), [...axes].reverse().join("")),
    kernel: (input, output, n) => turnCosines(radians, axes, input, output, n),
  });
}

/** Index of refraction of a prism from the angles of light in it. */
export function refractionIndexFromPrism(members: Members): Transform {
  const angle = (numberAt(members, "prism_angle") * Math.PI) / 180;
  const [s, c] = [Math.sin(angle), Math.cos(angle)];
  return new FormulaTransform({
    tag: `${JWST}refraction_index_from_prism-1.2.0`,
    members: ownMembers(members),
    inputs: ["alpha_in", "beta_in", "alpha_out"],
    outputs: ["n"],
    kernel: ([a, b, o], [out], n) => {
      for (let i = 0; i < n; i++) {
        const t = (o[i] + a[i] * (1 - 2 * s * s)) / (2 * s * c);
        out[i] = Math.sqrt(t * t + a[i] * a[i] + b[i] * b[i]);
      }
    },
  });
}

/** Slice number of a MIRI MRS position beta. */
export function ab2Slice(members: Members): Transform {
  const [zero, del, channel] = [
    numberAt(members, "beta_zero"),
    numberAt(members, "beta_del"),
    numberAt(members, "channel"),
  ];
  return new FormulaTransform({
    tag: `${JWST}miri_ab2slice-1.2.0`,
    members: ownMembers(members),
    inputs: ["beta"],
    outputs: ["slice"],
    kernel: unary((b) => Math.floor(channel * 100 + (b - zero) / del + 1 + 0.5)),
  });
}

/** Sellmeier's equation for the index of refraction; wavelength in micrometres. */
export function sellmeier(b: ArrayLike<number>, c: ArrayLike<number>, lam: number): number {
  const q = lam * lam;
  return Math.sqrt(1 + (b[0] * q) / (q - c[0]) + (b[1] * q) / (q - c[1]) + (b[2] * q) / (q - c[2]));
}

/** What the index of a glass depends on. */
export interface Glass {
  b: ArrayLike<number>;
  c: ArrayLike<number>;
  d: ArrayLike<number>;
  e: ArrayLike<number>;
  /** [K] */
  temperature: number;
  refTemperature: number;
  /** [atm] */
  pressure: number;
  refPressure: number;
}

/** Index of refraction of a glass at a temperature and pressure (the formulas of Zemax). */
export function zemax(g: Glass, lam: number): number {
  const [t, ref] = [g.temperature - 273.15, g.refTemperature - 273.15];
  const delta = t - ref;
  const q = lam * lam;
  const air = 1 + (6432.8 + (2949810 * q) / (146 * q - 1) + (5540 * q) / (41 * q - 1)) * 1e-8;
  const observed = 1 + ((air - 1) * g.pressure) / (1 + (t - 15) * 3.4785e-3);
  const reference = 1 + ((air - 1) * g.refPressure) / (1 + (ref - 15) * 3.4785e-3);
  const relative = (lam * observed) / reference;
  const n = sellmeier(g.b, g.c, relative);
  const [d0, d1, d2] = [g.d[0], g.d[1], g.d[2]];
  const change =
    ((0.5 * (n * n - 1)) / n) *
    (d0 * delta +
      d1 * delta ** 2 +
      d2 * delta ** 3 +
      (g.e[0] * delta + g.e[1] * delta ** 2) / (relative ** 2 - g.e[2] ** 2));
  return (n * reference + change) / observed;
}

/** Refraction and reflection of light in the prism of NIRSpec. */
export function snell(members: Members): Transform {
  const angle = (numberAt(members, "prism_angle") * Math.PI) / 180;
  const [k, l, t] = ["kcoef", "lcoef", "tcoef"].map((name) => numbersAt(members, name).data);
  const [temperature, refTemperature] = [numberAt(members, "temp"), numberAt(members, "ref_temp")];
  const refPressure = numberAt(members, "ref_pressure");
  // The reference implementation evaluates at the reference pressure whatever the pressure is.
  const pressure = refPressure;
  const glass = {
    b: k,
    c: l,
    d: t.subarray(0, 3),
    e: t.subarray(3),
    temperature,
    refTemperature,
    pressure,
    refPressure,
  };
  const index = (lam: number): number =>
    temperature - refTemperature < 20 ? sellmeier(k, l, lam * 1e6) : zemax(glass, lam * 1e6);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const rest = (x: number, y: number): number => Math.sqrt(1 - x * x - y * y);
  return new FormulaTransform({
    tag: `${JWST}snell-1.2.0`,
    members: ownMembers(members),
    inputs: ["lam", "alpha_in", "beta_in", "zin"],
    outputs: ["alpha_out", "beta_out", "zout"],
    kernel: ([lam, a, b], [u, v, w], count) => {
      for (let i = 0; i < count; i++) {
        const n = index(lam[i]);
        let [x, y] = [a[i] / n, b[i] / n];
        let z = rest(x, y);
        x = x * c - z * s;
        z = rest(x, y);
        [x, y] = [-x, -y];
        x = x * c + z * s;
        u[i] = x * n;
        v[i] = y * n;
        w[i] = rest(u[i], v[i]);
      }
    },
  });
}

/** Index of refraction of a glass as a transform of the wavelength [um]. */
export function glassTransform(members: Members, kind: "sellmeier_glass" | "sellmeier_zemax"): Transform {
  const list = (name: string): Float64Array => numbersAt(members, name).data;
  const [b, c] = [list("B_coef"), list("C_coef")];
  const common = { tag: `${GWCS}${kind}-1.3.0`, members: ownMembers(members), inputs: ["wavelength"], outputs: ["n"] };
  if (kind === "sellmeier_glass") return new FormulaTransform({ ...common, kernel: unary((w) => sellmeier(b, c, w)) });
  const glass: Glass = {
    b,
    c,
    d: list("D_coef"),
    e: list("E_coef"),
    temperature: numberAt(members, "temperature"),
    refTemperature: numberAt(members, "ref_temperature"),
    pressure: numberAt(members, "pressure"),
    refPressure: numberAt(members, "ref_pressure"),
  };
  return new FormulaTransform({ ...common, kernel: unary((w) => zemax(glass, w)) });
}

/** Snell's law for direction cosines. */
export function snell3d(members: Members): Transform {
  return new FormulaTransform({
    tag: `${GWCS}snell3d-1.3.0`,
    members: ownMembers(members),
    inputs: ["n", "alpha_in", "beta_in", "gamma_in"],
    outputs: ["alpha_out", "beta_out", "gamma_out"],
    kernel: ([index, a, b], [u, v, w], n) => {
      for (let i = 0; i < n; i++) {
        u[i] = a[i] / index[i];
        v[i] = b[i] / index[i];
        w[i] = Math.sqrt(1 - u[i] * u[i] - v[i] * v[i]);
      }
    },
  });
}

/**
 * The rotation from V2, V3 [deg] to the sky of products made before 2020. Its angles had the opposite sense of today's rotation sequence:
 * -V2, V3, -roll, -dec, ra of the reference point about z, y, x, y, z.
 */
export function legacyV23ToSky(angles: readonly number[], axes: string): Transform {
  const rotation = new SphericalRotationSequence(
    angles.map((a) => -a),
    axes,
  );
  return new FormulaTransform({
    tag: `${JWST}v23tosky-0.7.0`,
    members: { angles: [...angles], axes_order: axes },
    inputs: ["v2", "v3"],
    outputs: ["ra", "dec"],
    inverse: () => rotation.inverse,
    kernel: (input, output, n) => {
      rotation.kernel(input, output, n);
      wrapPositive(output[0], n);
    },
  });
}
