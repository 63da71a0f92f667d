import { markFloat } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";
import { Transform } from "./transform.js";

const TAG = "tag:stsci.edu:asdf/transform/";

/** x + offset. */
export class Shift extends Transform {
  readonly nInputs = 1;
  readonly nOutputs = 1;
  readonly tag: string = `${TAG}shift-1.4.0`;
  readonly offset: number;

  constructor(offset: number) {
    super();
    this.offset = offset;
    this.inputs = ["x"];
    this.outputs = ["y"];
  }

  kernel([x]: readonly Float64Array[], [y]: readonly Float64Array[], n: number): void {
    const { offset } = this;
    for (let i = 0; i < n; i++) y[i] = x[i] + offset;
  }

  protected override analyticInverse(): Transform {
    return new Shift(-this.offset);
  }

  protected fields(): Record<string, unknown> {
    return markFloat({ offset: this.offset }, "offset");
  }
}

/** x * factor. The tag `multiply1d` is the same thing (`Multiply` in Python). */
export class Scale extends Transform {
  readonly nInputs = 1;
  readonly nOutputs = 1;
  readonly tag: string;
  readonly factor: number;

  constructor(factor: number, tag: string = `${TAG}scale-1.4.0`) {
    super();
    this.factor = factor;
    this.tag = tag;
    this.inputs = ["x"];
    this.outputs = ["y"];
  }

  kernel([x]: readonly Float64Array[], [y]: readonly Float64Array[], n: number): void {
    const { factor } = this;
    for (let i = 0; i < n; i++) y[i] = x[i] * factor;
  }

  protected override analyticInverse(): Transform {
    return new Scale(1 / this.factor, this.tag);
  }

  protected fields(): Record<string, unknown> {
    return markFloat({ factor: this.factor }, "factor");
  }
}

/** Coordinates as they are. */
export class Identity extends Transform {
  readonly nInputs: number;
  readonly nOutputs: number;
  readonly tag: string = `${TAG}identity-1.4.0`;

  constructor(count = 1) {
    super();
    this.nInputs = count;
    this.nOutputs = count;
    this.inputs = Array.from({ length: count }, (_, i) => `x${i}`);
    this.outputs = this.inputs;
  }

  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number): void {
    for (let i = 0; i < this.nInputs; i++) copy(input[i], output[i], n);
  }

  protected override analyticInverse(): Transform {
    return this.changed(() => {});
  }

  protected fields(): Record<string, unknown> {
    return this.nInputs === 1 ? {} : { n_dims: this.nInputs };
  }
}

/** Coordinates chosen, repeated or reordered: output i is input `mapping[i]`. */
export class Mapping extends Transform {
  readonly mapping: readonly number[];
  readonly nInputs: number;
  readonly nOutputs: number;
  readonly tag: string = `${TAG}remap_axes-1.5.0`;

  constructor(mapping: readonly number[], nInputs?: number) {
    super();
    const least = Math.max(-1, ...mapping) + 1;
    this.mapping = mapping;
    this.nInputs = nInputs ?? least;
    if (this.nInputs < least) throw new ValidationError(`a mapping of input ${least - 1} needs ${least} inputs`);
    this.nOutputs = mapping.length;
    this.inputs = Array.from({ length: this.nInputs }, (_, i) => `x${i}`);
    this.outputs = Array.from({ length: this.nOutputs }, (_, i) => `x${i}`);
  }

  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number): void {
    for (let i = 0; i < this.nOutputs; i++) copy(input[this.mapping[i]], output[i], n);
  }

  protected override analyticInverse(): Transform | undefined {
    const back = Array.from({ length: this.nInputs }, (_, i) => this.mapping.indexOf(i));
    return back.includes(-1) ? undefined : new Mapping(back, this.nOutputs);
  }

  protected fields(): Record<string, unknown> {
    const least = Math.max(-1, ...this.mapping) + 1;
    return { mapping: [...this.mapping], ...(this.nInputs > least && { n_inputs: this.nInputs }) };
  }
}

/** The same number everywhere, for one or two inputs. */
export class Const extends Transform {
  readonly nInputs: number;
  readonly nOutputs = 1;
  readonly tag: string = `${TAG}constant-1.6.0`;
  readonly value: number;

  constructor(value: number, dimensions = 1) {
    super();
    this.value = value;
    this.nInputs = dimensions;
    this.inputs = dimensions === 1 ? ["x"] : ["x", "y"];
    this.outputs = dimensions === 1 ? ["y"] : ["z"];
  }

  kernel(_input: readonly Float64Array[], [y]: readonly Float64Array[], n: number): void {
    for (let i = 0; i < n; i++) y[i] = this.value;
  }

  protected fields(): Record<string, unknown> {
    return markFloat({ value: this.value, dimensions: this.nInputs }, "value");
  }
}

export function copy(from: Float64Array, to: Float64Array, n: number): void {
  to.set(n === from.length ? from : from.subarray(0, n));
}
