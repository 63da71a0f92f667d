import { ValidationError } from "@calwebb/errors";
import { type AsdfWriter, BLOCK, type Block, Transform, useCompounds } from "./transform.js";

const TAG = "tag:stsci.edu:asdf/transform/";

const scratch = (count: number): Float64Array[] => Array.from({ length: count }, () => new Float64Array(BLOCK));

/** Names of two transforms side by side: numbered 0 and 1 when any name occurs in both. */
export function combineNames(left: readonly string[], right: readonly string[]): string[] {
  if (!left.some((n) => right.includes(n))) return [...left, ...right];
  return [...left.map((n) => `${n}0`), ...right.map((n) => `${n}1`)];
}

/** `left | right`. */
export class Compose extends Transform {
  readonly left: Transform;
  readonly right: Transform;
  readonly nInputs: number;
  readonly nOutputs: number;
  readonly tag: string = `${TAG}compose-1.4.0`;
  private middle: Float64Array[] | undefined = undefined;

  constructor(left: Transform, right: Transform) {
    super();
    if (left.nOutputs !== right.nInputs)
      throw new ValidationError(
        `${left.describe()} gives ${left.nOutputs} coordinates, ${right.describe()} takes ${right.nInputs}`,
        { got: String(left.nOutputs), wanted: String(right.nInputs) },
      );
    this.left = left;
    this.right = right;
    this.nInputs = left.nInputs;
    this.nOutputs = right.nOutputs;
    this.inputs = left.inputs;
    this.outputs = right.outputs;
  }

  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number, block?: Block): void {
    this.middle ??= scratch(this.left.nOutputs);
    this.left.kernel(input, this.middle, n, block);
    this.right.kernel(this.middle, output, n, block);
  }

  protected override analyticInverse(): Transform | undefined {
    if (!this.left.hasInverse || !this.right.hasInverse) return undefined;
    return new Compose(this.right.inverse, this.left.inverse);
  }

  protected fields(writer: AsdfWriter): Record<string, unknown> {
    return { forward: [writer.write(this.left), writer.write(this.right)] };
  }
}

/** `left & right`: the inputs and outputs of the left one, then those of the right one. */
export class Concatenate extends Transform {
  readonly left: Transform;
  readonly right: Transform;
  readonly nInputs: number;
  readonly nOutputs: number;
  readonly tag: string = `${TAG}concatenate-1.4.0`;

  constructor(left: Transform, right: Transform) {
    super();
    this.left = left;
    this.right = right;
    this.nInputs = left.nInputs + right.nInputs;
    this.nOutputs = left.nOutputs + right.nOutputs;
    this.inputs = combineNames(left.inputs, right.inputs);
    this.outputs = combineNames(left.outputs, right.outputs);
  }

  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number, block?: Block): void {
    const { left, right } = this;
    left.kernel(input.slice(0, left.nInputs), output.slice(0, left.nOutputs), n, block);
    right.kernel(input.slice(left.nInputs), output.slice(left.nOutputs), n, block);
  }

  protected override analyticInverse(): Transform | undefined {
    if (!this.left.hasInverse || !this.right.hasInverse) return undefined;
    return new Concatenate(this.left.inverse, this.right.inverse);
  }

  protected fields(writer: AsdfWriter): Record<string, unknown> {
    return { forward: [writer.write(this.left), writer.write(this.right)] };
  }
}

/** Operation of an {@link Arithmetic} transform, named as its tag. */
export type Operation = "add" | "subtract" | "multiply" | "divide" | "power";

/** Two transforms of the same inputs whose outputs are combined number by number. */
export class Arithmetic extends Transform {
  readonly operation: Operation;
  readonly left: Transform;
  readonly right: Transform;
  readonly nInputs: number;
  readonly nOutputs: number;
  readonly tag: string;
  private other: Float64Array[] | undefined = undefined;

  constructor(operation: Operation, left: Transform, right: Transform) {
    super();
    if (left.nInputs !== right.nInputs || left.nOutputs !== right.nOutputs)
      throw new ValidationError(`${operation} needs transforms of the same numbers of inputs and outputs`, {
        got: `${left.describe()} and ${right.describe()}`,
      });
    this.operation = operation;
    this.left = left;
    this.right = right;
    this.nInputs = left.nInputs;
    this.nOutputs = left.nOutputs;
    this.inputs = left.inputs;
    this.outputs = left.outputs;
    this.tag = `${TAG}${operation}-1.4.0`;
  }

  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number, block?: Block): void {
    this.other ??= scratch(this.nOutputs);
    this.left.kernel(input, output, n, block);
    this.right.kernel(input, this.other, n, block);
    for (let i = 0; i < this.nOutputs; i++) combine(this.operation, output[i], this.other[i], n);
  }

  protected fields(writer: AsdfWriter): Record<string, unknown> {
    return { forward: [writer.write(this.left), writer.write(this.right)] };
  }
}

function combine(operation: Operation, a: Float64Array, b: Float64Array, n: number): void {
  switch (operation) {
    case "add":
      for (let i = 0; i < n; i++) a[i] += b[i];
      break;
    case "subtract":
      for (let i = 0; i < n; i++) a[i] -= b[i];
      break;
    case "multiply":
      for (let i = 0; i < n; i++) a[i] *= b[i];
      break;
    case "divide":
      for (let i = 0; i < n; i++) a[i] /= b[i];
      break;
    case "power":
      for (let i = 0; i < n; i++) a[i] **= b[i];
      break;
  }
}

/** A transform some of whose inputs are constants. */
export class FixInputs extends Transform {
  readonly inner: Transform;
  /** Input names or indexes, and the value of each. */
  readonly fixed: ReadonlyMap<string | number, number>;
  readonly nInputs: number;
  readonly nOutputs: number;
  readonly tag: string = `${TAG}fix_inputs-1.4.0`;
  private readonly values: (number | undefined)[];
  private constants: (Float64Array | undefined)[] | undefined = undefined;

  constructor(inner: Transform, fixed: ReadonlyMap<string | number, number>) {
    super();
    this.inner = inner;
    this.fixed = fixed;
    this.values = new Array(inner.nInputs).fill(undefined);
    for (const [key, value] of fixed) {
      const index = typeof key === "number" ? key : inner.inputs.indexOf(key);
      if (index < 0 || index >= inner.nInputs)
        throw new ValidationError(`${inner.describe()} has no input ${key}`, { wanted: inner.inputs.join(", ") });
      this.values[index] = value;
    }
    this.inputs = inner.inputs.filter((_, i) => this.values[i] === undefined);
    this.outputs = inner.outputs;
    this.nInputs = this.inputs.length;
    this.nOutputs = inner.nOutputs;
  }

  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number, block?: Block): void {
    this.constants ??= this.values.map((v) => (v === undefined ? undefined : new Float64Array(BLOCK).fill(v)));
    let next = 0;
    const all = this.constants.map((c) => c ?? input[next++]);
    this.inner.kernel(all, output, n, block);
  }

  protected fields(writer: AsdfWriter): Record<string, unknown> {
    const right = { keys: [...this.fixed.keys()], values: [...this.fixed.values()] };
    return { forward: [writer.write(this.inner), right] };
  }
}

useCompounds((kind, left, right) => (kind === "compose" ? new Compose(left, right) : new Concatenate(left, right)));

/** Compose any number of transforms from left to right. */
export function pipe(first: Transform, ...rest: readonly Transform[]): Transform {
  return rest.reduce((a, b) => new Compose(a, b), first);
}

/** Put any number of transforms side by side. */
export function sideBySide(first: Transform, ...rest: readonly Transform[]): Transform {
  return rest.reduce((a, b) => new Concatenate(a, b), first);
}
