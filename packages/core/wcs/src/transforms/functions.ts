import { binary, FormulaTransform, type Kernel, ownMembers, unary } from "./formula-transform.js";
import { type Members, numberAt } from "./node.js";
import type { Transform } from "./transform.js";

const TAG = "tag:stsci.edu:asdf/transform/";

type Get = (name: string, fallback?: number) => number;
interface FunctionKind {
  kernel: (get: Get) => Kernel;
  inverse?: (get: Get) => Members | undefined;
  inverseKind?: string;
  two?: boolean;
}

const TURN = 2 * Math.PI;

/** a f(2 pi (frequency x + phase)), and its inverse of the opposite kind. */
const wave = (f: (x: number) => number, inverseKind: string): FunctionKind => ({
  kernel: (get) => {
    const [a, w, p] = [get("amplitude"), get("frequency"), get("phase")];
    return unary((x) => a * f(TURN * (w * x + p)));
  },
  inverse: (get) => ({ amplitude: get("amplitude"), frequency: get("frequency"), phase: get("phase") }),
  inverseKind,
});

/** (f(x / a) / 2 pi - phase) / frequency. */
const arcWave = (f: (x: number) => number, inverseKind: string): FunctionKind => ({
  kernel: (get) => {
    const [a, w, p] = [get("amplitude"), get("frequency"), get("phase")];
    return unary((x) => (f(x / a) / TURN - p) / w);
  },
  inverse: (get) => ({ amplitude: get("amplitude"), frequency: get("frequency"), phase: get("phase") }),
  inverseKind,
});

/** Square of the distance from a centre in units of the width, turned by an angle. */
function turned(
  get: Get,
  [cx, cy]: readonly [string, string],
  angle: number,
): (x: number, y: number) => [number, number] {
  const [x0, y0, c, s] = [get(cx), get(cy), Math.cos(angle), Math.sin(angle)];
  return (x, y) => [(x - x0) * c + (y - y0) * s, -(x - x0) * s + (y - y0) * c];
}

const LOG2 = Math.LN2;

/** Functions of one and two variables, by the names of their tags. */
const KINDS: Readonly<Record<string, FunctionKind>> = {
  linear1d: {
    kernel: (get) => {
      const [m, b] = [get("slope"), get("intercept")];
      return unary((x) => m * x + b);
    },
    inverse: (get) =>
      get("slope") === 0 ? undefined : { slope: 1 / get("slope"), intercept: -get("intercept") / get("slope") },
    inverseKind: "linear1d",
  },
  planar2d: {
    two: true,
    kernel: (get) => {
      const [a, b, c] = [get("slope_x"), get("slope_y"), get("intercept")];
      return binary((x, y) => a * x + b * y + c);
    },
  },
  sine1d: wave(Math.sin, "arcsine1d"),
  cosine1d: wave(Math.cos, "arccosine1d"),
  tangent1d: wave(Math.tan, "arctangent1d"),
  arcsine1d: arcWave(Math.asin, "sine1d"),
  arccosine1d: arcWave(Math.acos, "cosine1d"),
  arctangent1d: arcWave(Math.atan, "tangent1d"),
  exponential1d: {
    kernel: (get) => {
      const [a, t] = [get("amplitude"), get("tau", get("r_core", 1))];
      return unary((x) => a * Math.exp(x / t));
    },
  },
  logarithmic1d: {
    kernel: (get) => {
      const [a, t] = [get("amplitude"), get("tau", get("r_core", 1))];
      return unary((x) => a * Math.log(x / t));
    },
  },
  power_law1d: {
    kernel: (get) => {
      const [a, x0, alpha] = [get("amplitude"), get("x_0"), get("alpha")];
      return unary((x) => a * (x / x0) ** -alpha);
    },
  },
  broken_power_law1d: {
    kernel: (get) => {
      const [a, xb, low, high] = [get("amplitude"), get("x_break"), get("alpha_1"), get("alpha_2")];
      return unary((x) => a * (x / xb) ** -(x < xb ? low : high));
    },
  },
  exponential_cutoff_power_law1d: {
    kernel: (get) => {
      const [a, x0, alpha, cut] = [get("amplitude"), get("x_0"), get("alpha"), get("x_cutoff")];
      return unary((x) => a * (x / x0) ** -alpha * Math.exp(-x / cut));
    },
  },
  log_parabola1d: {
    kernel: (get) => {
      const [a, x0, alpha, beta] = [get("amplitude"), get("x_0"), get("alpha"), get("beta")];
      return unary((x) => a * (x / x0) ** (-alpha - beta * Math.log(x / x0)));
    },
  },
  gaussian1d: {
    kernel: (get) => {
      const [a, m, s] = [get("amplitude"), get("mean"), get("stddev")];
      return unary((x) => a * Math.exp((-0.5 * (x - m) ** 2) / s ** 2));
    },
  },
  gaussian2d: {
    two: true,
    kernel: (get) => {
      const [a, sx, sy] = [get("amplitude"), get("x_stddev"), get("y_stddev")];
      const at = turned(get, ["x_mean", "y_mean"], get("theta", 0));
      return binary((x, y) => {
        const [u, v] = at(x, y);
        return a * Math.exp(-0.5 * ((u / sx) ** 2 + (v / sy) ** 2));
      });
    },
  },
  lorentz1d: {
    kernel: (get) => {
      const [a, x0, w] = [get("amplitude"), get("x_0"), get("fwhm") / 2];
      return unary((x) => (a * w ** 2) / ((x - x0) ** 2 + w ** 2));
    },
  },
  drude1d: {
    kernel: (get) => {
      const [a, x0, w] = [get("amplitude"), get("x_0"), get("fwhm")];
      return unary((x) => (a * (w / x0) ** 2) / ((x / x0 - x0 / x) ** 2 + (w / x0) ** 2));
    },
  },
  moffat1d: {
    kernel: (get) => {
      const [a, x0, g, alpha] = [get("amplitude"), get("x_0"), get("gamma"), get("alpha")];
      return unary((x) => a * (1 + ((x - x0) / g) ** 2) ** -alpha);
    },
  },
  moffat2d: {
    two: true,
    kernel: (get) => {
      const [a, g, alpha] = [get("amplitude"), get("gamma"), get("alpha")];
      const [x0, y0] = [get("x_0"), get("y_0")];
      return binary((x, y) => a * (1 + ((x - x0) ** 2 + (y - y0) ** 2) / g ** 2) ** -alpha);
    },
  },
  ricker_wavelet1d: {
    kernel: (get) => {
      const [a, x0, s] = [get("amplitude"), get("x_0"), get("sigma")];
      return unary((x) => {
        const q = (x - x0) ** 2 / (2 * s ** 2);
        return a * (1 - 2 * q) * Math.exp(-q);
      });
    },
  },
  ricker_wavelet2d: {
    two: true,
    kernel: (get) => {
      const [a, x0, y0, s] = [get("amplitude"), get("x_0"), get("y_0"), get("sigma")];
      return binary((x, y) => {
        const q = ((x - x0) ** 2 + (y - y0) ** 2) / (2 * s ** 2);
        return a * (1 - q) * Math.exp(-q);
      });
    },
  },
  box1d: {
    kernel: (get) => {
      const [a, x0, w] = [get("amplitude"), get("x_0"), get("width")];
      return unary((x) => (x >= x0 - w / 2 && x <= x0 + w / 2 ? a : 0));
    },
  },
  box2d: {
    two: true,
    kernel: (get) => {
      const [a, x0, y0] = [get("amplitude"), get("x_0"), get("y_0")];
      const [wx, wy] = [get("x_width") / 2, get("y_width") / 2];
      return binary((x, y) => (Math.abs(x - x0) <= wx && Math.abs(y - y0) <= wy ? a : 0));
    },
  },
  trapezoid1d: {
    kernel: (get) => {
      const [a, x0, w, s] = [get("amplitude"), get("x_0"), get("width"), get("slope")];
      return unary((x) => {
        const beyond = Math.abs(x - x0) - w / 2;
        return beyond <= 0 ? a : Math.max(0, a - s * beyond);
      });
    },
  },
  disk2d: {
    two: true,
    kernel: (get) => {
      const [a, x0, y0, r] = [get("amplitude"), get("x_0"), get("y_0"), get("R_0")];
      return binary((x, y) => ((x - x0) ** 2 + (y - y0) ** 2 <= r ** 2 ? a : 0));
    },
  },
  ring2d: {
    two: true,
    kernel: (get) => {
      const [a, x0, y0, r, w] = [get("amplitude"), get("x_0"), get("y_0"), get("r_in"), get("width")];
      return binary((x, y) => {
        const q = (x - x0) ** 2 + (y - y0) ** 2;
        return q >= r ** 2 && q <= (r + w) ** 2 ? a : 0;
      });
    },
  },
  ellipse2d: {
    two: true,
    kernel: (get) => {
      const [amplitude, a, b] = [get("amplitude"), get("a"), get("b")];
      const at = turned(get, ["x_0", "y_0"], get("theta", 0));
      return binary((x, y) => {
        const [u, v] = at(x, y);
        return (u / a) ** 2 + (v / b) ** 2 <= 1 ? amplitude : 0;
      });
    },
  },
  plummer1d: {
    kernel: (get) => {
      const [m, r] = [get("mass"), get("r_plum")];
      return unary((x) => ((3 * m) / (4 * Math.PI * r ** 3)) * (1 + (x / r) ** 2) ** -2.5);
    },
  },
  redshift_scale_factor: {
    kernel: (get) => {
      const z = get("z");
      return unary((x) => x * (1 + z));
    },
    inverse: (get) => ({ z: 1 / (1 + get("z")) - 1 }),
    inverseKind: "redshift_scale_factor",
  },
  schechter1d: {
    kernel: (get) => {
      const [phi, m, alpha] = [get("phi_star"), get("m_star"), get("alpha")];
      return unary((x) => {
        const f = 10 ** (-0.4 * (x - m));
        return 0.4 * Math.LN10 * phi * f ** (alpha + 1) * Math.exp(-f);
      });
    },
  },
  smoothly_broken_power_law1d: {
    kernel: (get) => {
      const [a, xb, low, high, d] = [get("amplitude"), get("x_break"), get("alpha_1"), get("alpha_2"), get("delta")];
      return unary((x) => {
        const t = Math.log(x / xb) / d;
        const soft = t > 30 ? t : Math.log1p(Math.exp(t));
        return a * (x / xb) ** -low * Math.exp((low - high) * d * (soft - LOG2));
      });
    },
  },
};

/** Names of the functions that can be made. */
export const functionKinds: readonly string[] = Object.keys(KINDS);

/** A function of one or two variables. */
export function functionTransform(kind: string, members: Members): Transform {
  const { kernel, inverse, inverseKind, two } = KINDS[kind];
  const get: Get = (name, fallback) => numberAt(members, name, fallback);
  const back = (): Members | undefined => inverse?.(get);
  return new FormulaTransform({
    tag: `${TAG}${kind}-1.2.0`,
    inputs: two ? ["x", "y"] : ["x"],
    outputs: [two ? "z" : "y"],
    members: ownMembers(members),
    kernel: kernel(get),
    inverse:
      inverseKind !== undefined && back() !== undefined
        ? () => functionTransform(inverseKind, back() as Members)
        : undefined,
  });
}

type Ufunc = (x: number, y: number) => number;
const UFUNCS: Readonly<Record<string, Ufunc>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  true_divide: (x, y) => x / y,
  power: (x, y) => x ** y,
  float_power: (x, y) => x ** y,
  arctan2: (x, y) => Math.atan2(x, y),
  hypot: (x, y) => Math.hypot(x, y),
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
  logaddexp: (x, y) => Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y))),
  floor_divide: (x, y) => Math.floor(x / y),
  fmod: (x, y) => x % y,
};
const RAD = Math.PI / 180;
const UNARY: Readonly<Record<string, (x: number) => number>> = {
  absolute: Math.abs,
  fabs: Math.abs,
  negative: (x) => -x,
  positive: (x) => x,
  rint: (x) => {
    const r = Math.round(x);
    return Math.abs(x % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r;
  },
  exp: Math.exp,
  exp2: (x) => 2 ** x,
  expm1: Math.expm1,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  square: (x) => x * x,
  cbrt: Math.cbrt,
  reciprocal: (x) => 1 / x,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  arcsinh: Math.asinh,
  arccosh: Math.acosh,
  arctanh: Math.atanh,
  deg2rad: (x) => x * RAD,
  radians: (x) => x * RAD,
  rad2deg: (x) => x / RAD,
  degrees: (x) => x / RAD,
};

/** A function of numpy by its name (`sin_ufunc`, `arctan2_ufunc`); undefined for one that is not known. */
export function mathFunction(members: Members): Transform | undefined {
  const name = String(members.func_name).replace(/_?ufunc$/i, "");
  const common = { tag: `${TAG}math_functions-1.2.0`, members: ownMembers(members) };
  if (name in UNARY)
    return new FormulaTransform({ ...common, inputs: ["x"], outputs: ["z"], kernel: unary(UNARY[name]) });
  if (name in UFUNCS)
    return new FormulaTransform({ ...common, inputs: ["x", "y"], outputs: ["z"], kernel: binary(UFUNCS[name]) });
  return undefined;
}
