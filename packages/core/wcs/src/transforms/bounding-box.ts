import { markFloat, Tagged } from "@calwebb/asdf";

type Interval = readonly [number, number];

/** Tag of a bounding box node. */
export const BOX_TAG = "tag:stsci.edu:asdf/transform/property/bounding_box-1.2.0";

/** Intervals of the inputs inside which a transform is valid; both ends belong to it. */
export class BoundingBox {
  /** [low, high] by input; undefined for an input that is ignored. */
  readonly intervals: readonly (Interval | undefined)[];
  /** Order in which Python shows it: "F" as the inputs, "C" reversed. It changes no meaning here. */
  readonly order: "F" | "C";
  /** The node of a compound bounding box, which is only carried along. */
  readonly raw: Tagged | undefined;

  constructor(intervals: readonly (Interval | undefined)[], order: "F" | "C" = "F", raw?: Tagged) {
    this.intervals = intervals;
    this.order = order;
    this.raw = raw;
  }

  /** The interval of an input, infinite when the input is ignored. */
  at(index: number): Interval {
    return this.intervals[index] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  }

  contains(point: readonly number[]): boolean {
    return this.intervals.every((iv, i) => iv === undefined || (point[i] >= iv[0] && point[i] <= iv[1]));
  }

  /** Set outputs to NaN, in place, where the inputs are outside. */
  blank(input: readonly Float64Array[], output: readonly Float64Array[]): void {
    for (let i = 0; i < this.intervals.length; i++) {
      const interval = this.intervals[i];
      if (interval !== undefined) blankOutside(input[i], interval[0], interval[1], output);
    }
  }

  toAsdf(inputs: readonly string[]): Tagged {
    if (this.raw) return this.raw;
    const intervals: Record<string, unknown> = {};
    const ignore: string[] = [];
    for (const [i, name] of inputs.entries()) {
      const interval = this.intervals[i];
      if (interval === undefined) ignore.push(name);
      else intervals[name] = markFloat([...interval]);
    }
    return new Tagged(BOX_TAG, { ignore, intervals, order: this.order });
  }
}

function blankOutside(x: Float64Array, low: number, high: number, output: readonly Float64Array[]): void {
  for (let i = 0; i < x.length; i++) if (!(x[i] >= low && x[i] <= high)) for (const out of output) out[i] = Number.NaN;
}
