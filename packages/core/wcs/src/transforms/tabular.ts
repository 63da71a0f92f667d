import { NdArray } from "@calwebb/array";
import { markFloat } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";
import { Transform } from "./transform.js";

const TAG = "tag:stsci.edu:asdf/transform/tabular-1.4.0";

/** How a table behaves between and outside its points. */
export interface TabularOptions {
  method?: "linear" | "nearest";
  /** Fail outside the points; otherwise give `fillValue`. */
  boundsError?: boolean;
  /** Value outside the points; undefined extrapolates. */
  fillValue?: number;
}

const outside = (name: string): ValidationError =>
  new ValidationError(`${name} is asked for a coordinate outside its points`, {
    wanted: "bounds_error false, or a fill value",
  });

/** A table of one variable. */
export class Tabular1D extends Transform {
  readonly nInputs = 1;
  readonly nOutputs = 1;
  readonly tag: string = TAG;
  readonly points: Float64Array;
  readonly table: Float64Array;
  readonly method: "linear" | "nearest";
  readonly boundsError: boolean;
  readonly fillValue: number | undefined;
  /** Points and values in the order of rising points. */
  private readonly rising: readonly [Float64Array, Float64Array];

  /** @param points - rising or falling */
  constructor(points: Float64Array, table: Float64Array, options: TabularOptions = {}) {
    super();
    if (points.length !== table.length || points.length < 2)
      throw new ValidationError(`a table of ${table.length} values at ${points.length} points`);
    this.points = points;
    this.table = table;
    const falling = points[0] > points[points.length - 1];
    this.rising = falling ? [points.slice().reverse(), table.slice().reverse()] : [points, table];
    this.method = options.method ?? "linear";
    this.boundsError = options.boundsError ?? true;
    this.fillValue = "fillValue" in options ? options.fillValue : Number.NaN;
    this.inputs = ["x"];
    this.outputs = ["y"];
  }

  kernel([x]: readonly Float64Array[], [y]: readonly Float64Array[], n: number): void {
    const [points, table] = this.rising;
    const last = points.length - 1;
    for (let i = 0; i < n; i++) {
      const v = x[i];
      if (Number.isNaN(v)) y[i] = Number.NaN;
      else if ((v < points[0] || v > points[last]) && this.boundsError) throw outside(this.describe());
      else if ((v < points[0] || v > points[last]) && this.fillValue !== undefined) y[i] = this.fillValue;
      else {
        const k = interval(points, v);
        const t = (v - points[k]) / (points[k + 1] - points[k]);
        if (this.method === "nearest") y[i] = table[t > 0.5 ? k + 1 : k];
        else y[i] = table[k] + t * (table[k + 1] - table[k]);
      }
    }
  }

  protected override analyticInverse(): Transform | undefined {
    const { table, points } = this;
    const up = table.every((v, i) => i === 0 || v > table[i - 1]);
    const down = table.every((v, i) => i === 0 || v < table[i - 1]);
    if (!up && !down) return undefined;
    const options = { method: this.method, boundsError: this.boundsError, fillValue: this.fillValue };
    return up
      ? new Tabular1D(table, points, options)
      : new Tabular1D(table.slice().reverse(), points.slice().reverse(), options);
  }

  protected fields(): Record<string, unknown> {
    const node: Record<string, unknown> = {
      lookup_table: this.table,
      points: [this.points],
      method: this.method,
      bounds_error: this.boundsError,
    };
    if (this.fillValue !== undefined) node.fill_value = this.fillValue;
    return markFloat(node, "fill_value");
  }
}

/** A table of two variables, `table[i][j]` at (points0[i], points1[j]). */
export class Tabular2D extends Transform {
  readonly nInputs = 2;
  readonly nOutputs = 1;
  readonly tag: string = TAG;
  readonly points: readonly [Float64Array, Float64Array];
  readonly table: Float64Array;
  readonly method: "linear" | "nearest";
  readonly boundsError: boolean;
  readonly fillValue: number | undefined;

  constructor(points: readonly [Float64Array, Float64Array], table: Float64Array, options: TabularOptions = {}) {
    super();
    if (points[0].length * points[1].length !== table.length)
      throw new ValidationError(
        `a table of ${table.length} values at ${points[0].length} x ${points[1].length} points`,
      );
    this.points = points;
    this.table = table;
    this.method = options.method ?? "linear";
    this.boundsError = options.boundsError ?? true;
    this.fillValue = "fillValue" in options ? options.fillValue : Number.NaN;
    this.inputs = ["x", "y"];
    this.outputs = ["z"];
  }

  kernel([x, y]: readonly Float64Array[], [z]: readonly Float64Array[], n: number): void {
    const [px, py] = this.points;
    const width = py.length;
    for (let i = 0; i < n; i++) {
      const [u, v] = [x[i], y[i]];
      const inside = u >= px[0] && u <= px[px.length - 1] && v >= py[0] && v <= py[width - 1];
      if (Number.isNaN(u) || Number.isNaN(v)) z[i] = Number.NaN;
      else if (!inside && this.boundsError) throw outside(this.describe());
      else if (!inside && this.fillValue !== undefined) z[i] = this.fillValue;
      else {
        const k = interval(px, u);
        const m = interval(py, v);
        const s = (u - px[k]) / (px[k + 1] - px[k]);
        const t = (v - py[m]) / (py[m + 1] - py[m]);
        const at = k * width + m;
        if (this.method === "nearest") z[i] = this.table[at + (s > 0.5 ? width : 0) + (t > 0.5 ? 1 : 0)];
        else {
          const low = this.table[at] * (1 - t) + this.table[at + 1] * t;
          const high = this.table[at + width] * (1 - t) + this.table[at + width + 1] * t;
          z[i] = low * (1 - s) + high * s;
        }
      }
    }
  }

  protected fields(): Record<string, unknown> {
    const node: Record<string, unknown> = {
      lookup_table: new NdArray(this.table, [this.points[0].length, this.points[1].length]),
      points: [...this.points],
      method: this.method,
      bounds_error: this.boundsError,
    };
    if (this.fillValue !== undefined) node.fill_value = this.fillValue;
    return markFloat(node, "fill_value");
  }
}

/** Index of the interval that holds a value, the first or last one for values outside. */
export function interval(points: Float64Array, value: number): number {
  let low = 0;
  let high = points.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (points[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}
