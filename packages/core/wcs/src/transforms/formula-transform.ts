import { AsdfArray, cloneTree, isMapping } from "@calwebb/asdf";
import { type Block, Transform } from "./transform.js";

/** Evaluates `n` points: arrays of the inputs, arrays of the outputs, place among all points. */
export type Kernel = (
  input: readonly Float64Array[],
  output: readonly Float64Array[],
  n: number,
  block?: Block,
) => void;

/** What a transform is that follows from the numbers of its node by a formula. */
export interface FormulaInit {
  tag: string;
  inputs: readonly string[];
  outputs: readonly string[];
  /** Members of the node of its own kind, as they are written. */
  members: Readonly<Record<string, unknown>>;
  kernel: Kernel;
  inverse?: () => Transform;
}

/** Members that the common part of a node holds; the others belong to the kind. */
const COMMON = new Set([
  "name",
  "inputs",
  "outputs",
  "inverse",
  "bounding_box",
  "fixed",
  "bounds",
  "input_units_equivalencies",
]);

/** The members of a kind, with arrays in memory: the file that they come from may be closed before they are written. */
export function ownMembers(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy = cloneTree(members, (value) => (value instanceof AsdfArray ? AsdfArray.of(value.readSync()) : value));
  for (const name of Object.keys(copy)) if (COMMON.has(name)) delete (copy as Record<string, unknown>)[name];
  return copy as Record<string, unknown>;
}

/** A transform of numbers that are written back as they were read. */
export class FormulaTransform extends Transform {
  readonly nInputs: number;
  readonly nOutputs: number;
  readonly tag: string;
  private readonly members: Readonly<Record<string, unknown>>;
  private readonly evaluateBlock: Kernel;
  private readonly opposite: (() => Transform) | undefined;

  constructor({ tag, inputs, outputs, members, kernel, inverse }: FormulaInit) {
    super();
    this.tag = tag;
    this.inputs = inputs;
    this.outputs = outputs;
    this.nInputs = inputs.length;
    this.nOutputs = outputs.length;
    this.members = members;
    this.evaluateBlock = kernel;
    this.opposite = inverse;
  }

  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number, block?: Block): void {
    this.evaluateBlock(input, output, n, block);
  }

  protected override analyticInverse(): Transform | undefined {
    return this.opposite?.();
  }

  protected fields(): Record<string, unknown> {
    const copy = cloneTree(this.members);
    return isMapping(copy) ? copy : {};
  }
}

/** A kernel of one input and one output. */
export const unary =
  (f: (x: number) => number): Kernel =>
  ([x], [y], n) => {
    for (let i = 0; i < n; i++) y[i] = f(x[i]);
  };

/** A kernel of two inputs and one output. */
export const binary =
  (f: (x: number, y: number) => number): Kernel =>
  ([x, y], [z], n) => {
    for (let i = 0; i < n; i++) z[i] = f(x[i], y[i]);
  };
