import type { Random } from "@calwebb/rng";
import type { Geometry } from "./geometry.js";

/** One stretch of 1/f noise: a sum of relaxation processes, one per octave, each with the same variance. */
class PinkNoise {
  readonly #state: Float64Array;
  readonly #keep: Float64Array;
  readonly #step: Float64Array;
  readonly #random: Random;

  constructor(sigma: number, octaves: number, random: Random) {
    this.#random = random;
    this.#state = new Float64Array(octaves);
    this.#keep = new Float64Array(octaves);
    this.#step = new Float64Array(octaves);
    const each = sigma / Math.sqrt(octaves);
    for (let k = 0; k < octaves; k++) {
      this.#keep[k] = Math.exp(-1 / 2 ** k);
      this.#step[k] = each * Math.sqrt(1 - this.#keep[k] ** 2);
      this.#state[k] = each * random.normal();
    }
  }

  next(): number {
    let sum = 0;
    for (let k = 0; k < this.#state.length; k++) {
      this.#state[k] = this.#state[k] * this.#keep[k] + this.#step[k] * this.#random.normal();
      sum += this.#state[k];
    }
    return sum;
  }
}

/** Electronic noise that pixels of one amplifier share [DN]: drifts from read to read, 1/f along the rows. */
export interface SharedNoise {
  /** Offset of each amplifier and parity in this read, `[2 * amplifier + (column & 1)]`. */
  readonly offset: Float64Array;
  /** Offset of each row and amplifier, `[line * 4 + amplifier]`, plus what all amplifiers share. */
  readonly rows: Float64Array;
}

/** Reads of one detector, one after the other. */
export class ElectronicNoise {
  readonly #pink: PinkNoise[];
  readonly #common: PinkNoise;
  readonly #random: Random;
  readonly #lines: number;
  readonly #first: number;

  /** @param scale - 0 switches drifts and 1/f noise off */
  constructor(geometry: Geometry, scale: number, random: Random) {
    this.#random = random;
    let first = Number.POSITIVE_INFINITY;
    let last = 0;
    for (const line of geometry.line) {
      if (line < first) first = line;
      if (line > last) last = line;
    }
    this.#first = first;
    this.#lines = last + 1;
    this.#pink = [0, 1, 2, 3].map(() => new PinkNoise(2 * scale, 11, random));
    this.#common = new PinkNoise(3 * scale, 11, random);
    this.#drift = 4 * scale;
  }

  readonly #drift: number;

  read(): SharedNoise {
    const offset = new Float64Array(8);
    for (let k = 0; k < 8; k++) offset[k] = this.#drift * this.#random.normal();
    const rows = new Float64Array(this.#lines * 4);
    for (let line = this.#first; line < this.#lines; line++) {
      const common = this.#common.next();
      for (let a = 0; a < 4; a++) rows[line * 4 + a] = common + this.#pink[a].next();
    }
    return { offset, rows };
  }
}
