import { NdArray } from "@calwebb/array";
import { Tagged } from "@calwebb/asdf";
import { Const, Mapping } from "../transforms/basic.js";
import { pipe } from "../transforms/compound.js";
import { FormulaTransform, type Kernel, ownMembers } from "../transforms/formula-transform.js";
import { type Members, numberAt, numbersOf } from "../transforms/node.js";
import type { Reader } from "../transforms/readers.js";
import { AsdfWriter, BLOCK, Transform } from "../transforms/transform.js";

const room = (count: number): Float64Array[] => Array.from({ length: count }, () => new Float64Array(BLOCK));

/**
 * Evaluate each point with the transform of its label: points of one label are gathered, evaluated together and put back.
 * @param pick - the transform of a label; undefined gives `fill`
 */
export function evaluateByLabel(
  labels: Float64Array,
  pick: (label: number) => Pick<Transform, "kernel"> | undefined,
  input: readonly Float64Array[],
  output: readonly Float64Array[],
  n: number,
  fill: number,
): void {
  const members = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const list = members.get(labels[i]);
    if (list) list.push(i);
    else members.set(labels[i], [i]);
  }
  for (const [label, points] of members) {
    const transform = pick(label);
    if (!transform) {
      for (const out of output) for (const i of points) out[i] = fill;
      continue;
    }
    const from = input.map((a) => Float64Array.from(points, (i) => a[i]));
    const to = output.map(() => new Float64Array(points.length));
    transform.kernel(from, to, points.length);
    for (const [axis, out] of output.entries()) for (let k = 0; k < points.length; k++) out[points[k]] = to[axis][k];
  }
}

/** What a {@link PickTransform} is made of. */
export interface PickInit {
  tag: string;
  inputs: readonly string[];
  outputs: readonly string[];
  /** Identifier of each transform. */
  ids: readonly number[];
  models: readonly Transform[];
  /** Which input is the identifier, and at which output it comes out again (-1: nowhere). */
  idInput: number;
  idOutput: number;
  /** Members of the node beside the models, and the name of the member that holds these. */
  members: Readonly<Record<string, unknown>>;
  inverse?: (models: readonly Transform[]) => Transform;
}

/** Transforms of slits or spectral orders, chosen by one of the inputs. */
export class PickTransform extends Transform {
  readonly nInputs: number;
  readonly nOutputs: number;
  readonly tag: string;
  private readonly init: PickInit;

  constructor(init: PickInit) {
    super();
    this.init = init;
    this.tag = init.tag;
    this.inputs = init.inputs;
    this.outputs = init.outputs;
    this.nInputs = init.inputs.length;
    this.nOutputs = init.outputs.length;
  }

  /** Identifiers of the transforms. */
  get ids(): readonly number[] {
    return this.init.ids;
  }

  /** The records of the slits: numbers, or lists of values. */
  get rows(): readonly unknown[] {
    return (this.init.members.slits as readonly unknown[] | undefined) ?? this.init.ids;
  }

  /** The transform of a slit or order; undefined when there is none. */
  model(id: number): Transform | undefined {
    return this.init.models[this.init.ids.indexOf(id)];
  }

  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number): void {
    const { idInput, idOutput } = this.init;
    const ids = input[idInput];
    evaluateByLabel(
      ids,
      (id) => this.model(id),
      input.filter((_, i) => i !== idInput),
      output.filter((_, i) => i !== idOutput),
      n,
      Number.NaN,
    );
    if (idOutput >= 0) output[idOutput].set(ids.subarray(0, n));
  }

  protected override analyticInverse(): Transform | undefined {
    const { inverse, models } = this.init;
    if (!inverse || !models.every((m) => m.hasInverse)) return undefined;
    return inverse(models.map((m) => m.inverse));
  }

  protected fields(writer: AsdfWriter): Record<string, unknown> {
    return { ...this.init.members, models: this.init.models.map((m) => writer.write(m)) };
  }
}

const JWST = "tag:stsci.edu:jwst_pipeline/";

/** Kinds of slit transforms: their inputs and outputs, and the kind that goes back. */
const SLITS = {
  gwa_to_slit: [
    "1.2.0",
    ["name", "angle1", "angle2", "angle3"],
    ["name", "x_slit", "y_slit", "lam"],
    0,
    0,
    "slit_to_gwa",
  ],
  slit_to_gwa: [
    "1.0.0",
    ["name", "x_slit", "y_slit", "lam"],
    ["name", "angle1", "angle2", "angle3"],
    0,
    0,
    "gwa_to_slit",
  ],
  slit_to_msa: ["1.2.0", ["name", "x_slit", "y_slit"], ["x_msa", "y_msa", "name"], 0, 2, "msa_to_slit"],
  msa_to_slit: ["1.0.0", ["x_msa", "y_msa", "name"], ["name", "x_slit", "y_slit"], 2, 0, "slit_to_msa"],
} as const;

/** Names of the slit transforms. */
export type SlitKind = keyof typeof SLITS;
export const slitKinds: readonly SlitKind[] = Object.keys(SLITS) as SlitKind[];

/** Identifier of a slit: its number, or its own number in the last member of the record, or its name. */
function slitId(row: unknown): number {
  if (!Array.isArray(row)) return Number(row);
  const id = row.length > 19 ? Number(row[19]) : -9999;
  return id === -9999 ? Number(row[0]) : id;
}

/**
 * A slit transform of NIRSpec.
 * @param rows - numbers of the slits, or their records as `stdatamodels` keeps them (a list of 20 values, the identifier last)
 * @param models - the transform of each slit, without its identifier
 */
export function slitTransforms(
  kind: SlitKind,
  rows: readonly unknown[],
  models: readonly Transform[],
  legacy = false,
): PickTransform {
  const [version, inputs, outputs, idInput, idOutput, back] = SLITS[kind];
  return new PickTransform({
    tag: `${JWST}${kind}-${version}`,
    inputs,
    outputs: legacy ? ["x_msa", "y_msa"] : outputs,
    ids: rows.map(slitId),
    models,
    idInput,
    idOutput: legacy ? -1 : idOutput,
    members: { slits: [...rows] },
    inverse: legacy ? undefined : (inverses) => slitTransforms(back, rows, inverses),
  });
}

/** A slit transform of NIRSpec. Slits whose names are no numbers cannot be told apart here: undefined. */
export function slitTransform(kind: SlitKind, members: Members, reader: Reader): Transform | undefined {
  const listed = members.slits;
  const rows = Array.isArray(listed) ? listed : [...(numbersOf(listed)?.data ?? [])];
  if (rows.some((r) => Number.isNaN(slitId(r)))) return undefined;
  const models = (members.models as unknown[]).map((m) => reader.read(m));
  const outputs = members.outputs as unknown[] | undefined;
  return slitTransforms(kind, rows, models, kind === "slit_to_msa" && outputs?.length === 2);
}

/** Wavelengths and positions of the spectral orders of NIRISS SOSS. */
export function soss(members: Members, reader: Reader): Transform {
  const orders = [...(numbersOf(members.spectral_orders)?.data ?? [])];
  return new PickTransform({
    tag: `${JWST}niriss_soss-1.2.0`,
    inputs: ["x", "y", "spectral_order"],
    outputs: ["ra", "dec", "lam"],
    ids: orders,
    models: (members.models as unknown[]).map((m) => reader.read(m)),
    idInput: 2,
    idOutput: -1,
    members: { spectral_orders: orders },
  });
}

/** The members of a mapping, also of one that was written as an ordered list of pairs (`!!omap`). */
function pairs(node: unknown): Members {
  if (!(node instanceof Tagged)) return (node ?? {}) as Members;
  const { value } = node;
  return Array.isArray(value) ? Object.assign({}, ...value.map(pairs)) : (value as Members);
}

const LABEL_MAPPER = "tag:stsci.edu:gwcs/label_mapper-1.3.0";

type Labels = (input: readonly Float64Array[], labels: Float64Array, n: number) => void;

const labelsKernel =
  (of: Labels): Kernel =>
  (input, [label], n) =>
    of(input, label, n);

const nearest = (v: number): number => Math.floor(v + 0.5);

/** Labels by the pixel that a point falls on. */
function fromArray(data: Float64Array, [ny, nx]: readonly number[]): Labels {
  return ([x, y], labels, n) => {
    for (let i = 0; i < n; i++) {
      const [u, v] = [nearest(x[i]), nearest(y[i])];
      labels[i] = u >= 0 && u < nx && v >= 0 && v < ny ? data[v * nx + u] : 0;
    }
  };
}

/** Labels of pixels by an image of labels, [ny, nx]; 0 where there is none. */
export function arrayLabels(labels: Int32Array, ny: number, nx: number): Transform {
  const data = Float64Array.from(labels);
  return new FormulaTransform({
    tag: LABEL_MAPPER,
    inputs: ["x", "y"],
    outputs: ["label"],
    members: { no_label: 0, mapper: new NdArray(labels, [ny, nx]) },
    kernel: labelsKernel(fromArray(data, [ny, nx])),
  });
}

/** Labels of points by the value of a coordinate: within `atol` of a key, the label that belongs to it. */
export function keyLabels(
  inputs: readonly string[],
  axis: number,
  keys: ReadonlyMap<number, number>,
  atol: number,
): Transform {
  const mapping = new Mapping([axis], inputs.length);
  const models = [...keys.values()].map((label) => pipe(mapping, new Const(label)));
  const marks = [...keys.keys()];
  const writer = new AsdfWriter();
  return new FormulaTransform({
    tag: LABEL_MAPPER,
    inputs,
    outputs: ["label"],
    members: {
      no_label: 0,
      inputs_mapping: writer.write(mapping),
      atol,
      mapper: { labels: marks, models: models.map((m) => writer.write(m)) },
    },
    kernel: (input, [label], n) => {
      const key = input[axis];
      for (let i = 0; i < n; i++) {
        const k = marks.findIndex((mark) => Math.abs(mark - key[i]) <= atol + 1e-5 * Math.abs(key[i]));
        label[i] = k < 0 ? 0 : (keys.get(marks[k]) as number);
      }
    },
  });
}

/** Maps coordinates to labels; undefined for a mapper of another form. */
export function labelMapper(members: Members, reader: Reader): Transform | undefined {
  const { mapper } = members;
  const inputs = ((members.inputs as unknown[] | undefined) ?? ["x", "y"]).map(String);
  const common = {
    tag: LABEL_MAPPER,
    inputs,
    outputs: ["label"],
    members: ownMembers(members),
  };
  const keys = members.inputs_mapping === undefined ? undefined : reader.read(members.inputs_mapping);
  const list = pairs(mapper);
  const mapped = (of: Labels): Kernel => {
    if (!keys) return labelsKernel(of);
    const chosen = room(keys.nOutputs);
    return (input, [label], n) => {
      keys.kernel(input, chosen, n);
      of(chosen, label, n);
    };
  };
  if (list?.labels === undefined || !Array.isArray(list.models)) {
    const array = numbersOf(mapper);
    if (array?.shape.length !== 2) return undefined;
    return new FormulaTransform({ ...common, kernel: mapped(fromArray(array.data, array.shape)) });
  }
  const marks = numbersOf(list.labels);
  const models = list.models.map((m) => reader.read(m));
  if (!marks || marks.data.some(Number.isNaN)) return undefined;
  const atol = numberAt(members, "atol", 1e-8);
  const { data } = marks;
  const ranges = marks.shape.length === 2;
  const index = (v: number): number => {
    for (let k = 0; k < models.length; k++) {
      if (ranges ? v > data[2 * k] && v < data[2 * k + 1] : Math.abs(data[k] - v) <= atol + 1e-5 * Math.abs(v))
        return k;
    }
    return -1;
  };
  const chosen = room(keys?.nOutputs ?? 1);
  const which = new Float64Array(BLOCK);
  return new FormulaTransform({
    ...common,
    kernel: (input, output, n) => {
      const [key] = keys ? chosen : input;
      keys?.kernel(input, chosen, n);
      for (let i = 0; i < n; i++) which[i] = index(key[i]);
      evaluateByLabel(which, (k) => models[k], input, output, n, 0);
    },
  });
}

/** Regions of the detector with a transform each. */
export class RegionsSelector extends Transform {
  readonly nInputs: number;
  readonly nOutputs: number;
  readonly tag: string = "tag:stsci.edu:gwcs/regions_selector-1.3.0";
  readonly labels: readonly number[];
  readonly transforms: readonly Transform[];
  readonly mapper: Transform;
  readonly undefinedValue: number;
  private readonly label: Float64Array = new Float64Array(BLOCK);

  constructor(
    axes: { inputs: readonly string[]; outputs: readonly string[] },
    labels: readonly number[],
    transforms: readonly Transform[],
    mapper: Transform,
    undefinedValue: number = Number.NaN,
  ) {
    super();
    this.inputs = axes.inputs;
    this.outputs = axes.outputs;
    this.nInputs = axes.inputs.length;
    this.nOutputs = axes.outputs.length;
    this.labels = labels;
    this.transforms = transforms;
    this.mapper = mapper;
    this.undefinedValue = undefinedValue;
  }

  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number): void {
    this.mapper.kernel(input, [this.label], n);
    const pick = (label: number): Transform | undefined => this.transforms[this.labels.indexOf(label)];
    evaluateByLabel(this.label, pick, input, output, n, this.undefinedValue);
  }

  protected override analyticInverse(): Transform | undefined {
    if (!this.mapper.hasInverse || !this.transforms.every((t) => t.hasInverse)) return undefined;
    return new RegionsSelector(
      { inputs: this.outputs, outputs: this.inputs },
      this.labels,
      this.transforms.map((t) => t.inverse),
      this.mapper.inverse,
      this.undefinedValue,
    );
  }

  protected fields(writer: AsdfWriter): Record<string, unknown> {
    return {
      selector: { labels: [...this.labels], transforms: this.transforms.map((t) => writer.write(t)) },
      label_mapper: writer.write(this.mapper),
      undefined_transform_value: this.undefinedValue,
    };
  }
}

/** A regions selector with numbered regions; undefined for one with names. */
export function regionsSelector(members: Members, reader: Reader): Transform | undefined {
  const { labels, transforms } = pairs(members.selector) as { labels: unknown; transforms: unknown[] };
  const numbers = numbersOf(labels);
  if (!numbers || numbers.data.some(Number.isNaN)) return undefined;
  const names = (of: unknown): string[] => (of as unknown[]).map(String);
  return new RegionsSelector(
    { inputs: names(members.inputs), outputs: names(members.outputs) },
    [...numbers.data],
    transforms.map((t) => reader.read(t)),
    reader.read(members.label_mapper),
    numberAt(members, "undefined_transform_value", Number.NaN),
  );
}
