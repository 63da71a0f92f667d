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

/** Tag of the node of a {@link CompoundBoundingBox}. */
const COMPOUND_TAG = "tag:stsci.edu:asdf/transform/property/compound_bounding_box-1.2.0";

/** A bounding box for each value of one of the inputs (the slit of a point, say). Points of other values are outside. */
export class CompoundBoundingBox extends BoundingBox {
  /** Which input chooses. */
  readonly selector: number;
  readonly boxes: ReadonlyMap<number, BoundingBox>;

  constructor(selector: number, boxes: ReadonlyMap<number, BoundingBox>, order: "F" | "C" = "F") {
    super([], order);
    this.selector = selector;
    this.boxes = boxes;
  }

  /** The box of a value; undefined when there is none. */
  box(value: number): BoundingBox | undefined {
    return this.boxes.get(value);
  }

  override contains(point: readonly number[]): boolean {
    return this.boxes.get(point[this.selector])?.contains(point) ?? false;
  }

  override blank(input: readonly Float64Array[], output: readonly Float64Array[]): void {
    const choice = input[this.selector];
    for (let i = 0; i < choice.length; i++) {
      if (this.contains(input.map((a) => a[i]))) continue;
      for (const out of output) out[i] = Number.NaN;
    }
  }

  override toAsdf(inputs: readonly string[]): Tagged {
    return new Tagged(COMPOUND_TAG, {
      selector_args: [{ argument: inputs[this.selector], ignore: true }],
      cbbox: [...this.boxes].map(([key, box]) => ({ key: [key], bbox: box.toAsdf(inputs) })),
      order: this.order,
      ignore: [],
    });
  }
}

function blankOutside(x: Float64Array, low: number, high: number, output: readonly Float64Array[]): void {
  for (let i = 0; i < x.length; i++) if (!(x[i] >= low && x[i] <= high)) for (const out of output) out[i] = Number.NaN;
}
