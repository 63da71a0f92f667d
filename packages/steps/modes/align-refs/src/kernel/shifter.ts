import { planePlan } from "@calwebb/fft";

/** Shifts images of one size by fractions of a pixel, by phases of their Fourier transforms. */
export interface Shifter {
  /** Transform an image; the result may be shifted any number of times. */
  transform(image: Float32Array): Float64Array;
  /** The image moved by (dx, dy) pixels; what leaves on one side enters on the other. */
  shift(transformed: Float64Array, dx: number, dy: number, out: Float64Array): void;
  /** Derivatives of the moved image by dx and by dy. */
  slopes(transformed: Float64Array, dx: number, dy: number, alongX: Float64Array, alongY: Float64Array): void;
}

/** Phases of one axis, real and imaginary parts in turn. */
interface Phases {
  /** e^(-2πi k s / n) for k = 0 .. and -n/2 .. -1 */
  readonly plain: Float64Array;
  /** The conjugate of the phase of -k: the same, except at the highest frequency of an even n. */
  readonly mirrored: Float64Array;
}

const signed = (k: number, n: number): number => (k < (n + 1) >> 1 ? k : k - n);

/** Phases for a shift, or (`derivative`) their derivatives by the shift. */
function phases(n: number, s: number, derivative: boolean): Phases {
  const plain = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    const w = (2 * Math.PI * signed(k, n)) / n;
    const [c, d] = [Math.cos(w * s), -Math.sin(w * s)];
    plain[2 * k] = derivative ? w * d : c;
    plain[2 * k + 1] = derivative ? -w * c : d;
  }
  const mirrored = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    const other = 2 * ((n - k) % n);
    mirrored[2 * k] = plain[other];
    mirrored[2 * k + 1] = -plain[other + 1];
  }
  return { plain, mirrored };
}

/** out += or = F times the phases of both axes, made symmetric so that its inverse transform is real; times i when `imaginary`. */
function multiply(
  f: Float64Array,
  px: Phases,
  py: Phases,
  ny: number,
  nx: number,
  out: Float64Array,
  imaginary: boolean,
): void {
  for (let y = 0; y < ny; y++) {
    const [ar, ai, br, bi] = [py.plain[2 * y], py.plain[2 * y + 1], py.mirrored[2 * y], py.mirrored[2 * y + 1]];
    for (let x = 0; x < nx; x++) {
      const [cr, ci, dr, di] = [px.plain[2 * x], px.plain[2 * x + 1], px.mirrored[2 * x], px.mirrored[2 * x + 1]];
      const wr = 0.5 * (ar * cr - ai * ci + (br * dr - bi * di));
      const wi = 0.5 * (ar * ci + ai * cr + (br * di + bi * dr));
      const at = 2 * (y * nx + x);
      const re = f[at] * wr - f[at + 1] * wi;
      const im = f[at] * wi + f[at + 1] * wr;
      if (imaginary) {
        out[at] -= im;
        out[at + 1] += re;
      } else {
        out[at] = re;
        out[at + 1] = im;
      }
    }
  }
}

/**
 * A shifter for images of ny x nx pixels. It owns scratch memory: one shifter must not be used by two callers at the same time.
 */
export function shifter(ny: number, nx: number): Shifter {
  const plan = planePlan(ny, nx);
  const work = new Float64Array(2 * ny * nx);
  return {
    transform: (image) => {
      const out = new Float64Array(2 * ny * nx);
      for (let i = 0; i < image.length; i++) out[2 * i] = image[i];
      plan.forward(out);
      return out;
    },
    shift: (transformed, dx, dy, out) => {
      multiply(transformed, phases(nx, dx, false), phases(ny, dy, false), ny, nx, work, false);
      plan.inverse(work);
      for (let i = 0; i < out.length; i++) out[i] = work[2 * i];
    },
    slopes: (transformed, dx, dy, alongX, alongY) => {
      // Two real images are one complex transform.
      multiply(transformed, phases(nx, dx, true), phases(ny, dy, false), ny, nx, work, false);
      multiply(transformed, phases(nx, dx, false), phases(ny, dy, true), ny, nx, work, true);
      plan.inverse(work);
      for (let i = 0; i < alongX.length; i++) {
        alongX[i] = work[2 * i];
        alongY[i] = work[2 * i + 1];
      }
    },
  };
}
