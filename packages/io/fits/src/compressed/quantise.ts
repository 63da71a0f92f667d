// Floats stored as scaled integers, sections 10.2 and 10.2.1 of the FITS standard 4.0 (subtractive dithering).

const COUNT = 10000;
/** Stored value that means exactly zero with SUBTRACTIVE_DITHER_2. */
const ZERO = -2147483646;

let values: Float32Array | undefined;

/** The standard's sequence of random numbers (Park & Miller), as float32. */
function randoms(): Float32Array {
  if (values === undefined) {
    values = new Float32Array(COUNT);
    let seed = 1;
    for (let i = 0; i < COUNT; i++) {
      seed = (16807 * seed) % 2147483647;
      values[i] = seed / 2147483647;
    }
  }
  return values;
}

export interface Quantisation {
  readonly scale: number;
  readonly zero: number;
  /** 0 no dithering, 1 or 2 the standard's methods. */
  readonly dither: 0 | 1 | 2;
  /** Number that starts the tile's random sequence: tile number from 0, plus ZDITHER0 - 1. */
  readonly seed: number;
  /** Stored integer that means NaN. */
  readonly blank?: number;
}

/** Floats of a tile from its stored integers, into `out`. */
export function unquantise(stored: Int32Array, q: Quantisation, out: Float32Array | Float64Array): void {
  const { scale, zero } = q;
  if (q.dither === 0) for (let i = 0; i < stored.length; i++) out[i] = stored[i] * scale + zero;
  else {
    const random = randoms();
    let from = ((q.seed % COUNT) + COUNT) % COUNT;
    let next = Math.trunc(random[from] * 500);
    for (let i = 0; i < stored.length; i++) {
      if (q.dither === 2 && stored[i] === ZERO) out[i] = 0;
      else out[i] = (stored[i] - random[next] + 0.5) * scale + zero;
      if (++next === COUNT) {
        if (++from === COUNT) from = 0;
        next = Math.trunc(random[from] * 500);
      }
    }
  }
  if (q.blank !== undefined) for (let i = 0; i < stored.length; i++) if (stored[i] === q.blank) out[i] = Number.NaN;
}
