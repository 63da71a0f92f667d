import { Tagged } from "@calwebb/asdf";
import { CalwebbError, ValidationError } from "@calwebb/errors";
import { BoundingBox, CompoundBoundingBox } from "./bounding-box.js";
import { loadArrays, type Members, membersOf, numbersOf } from "./node.js";
import { OpaqueTransform } from "./opaque.js";
import { type Reader, readers } from "./readers.js";
import type { Transform } from "./transform.js";

/** Members that every transform may have, beside those of its kind. */
const CARRIED = ["fixed", "bounds", "input_units_equivalencies"] as const;

/** Name of a tag without its version: `asdf/transform/shift`. */
export function tagKey(tag: string): string {
  return tag.replace(/^tag:(?:stsci\.edu|astropy\.org):/, "").replace(/-\d+\.\d+\.\d+$/, "");
}

/** Version of a tag as one comparable number: 1.3.0 gives 1003000. */
export function tagVersion(tag: string): number {
  const m = /-(\d+)\.(\d+)\.(\d+)$/.exec(tag);
  return m ? Number(m[1]) * 1e6 + Number(m[2]) * 1e3 + Number(m[3]) : 0;
}

/** Makes transforms of nodes; nodes that occur twice give one transform. */
export class TransformReader implements Reader {
  private readonly done = new Map<Tagged, Transform>();

  read(node: unknown): Transform {
    if (!(node instanceof Tagged))
      throw new ValidationError("a transform has to be a tagged node", { got: typeof node, wanted: "a tag" });
    const known = this.done.get(node);
    if (known) return known;
    const made = this.make(node);
    this.done.set(node, made);
    return made;
  }

  private make(node: Tagged): Transform {
    const reader = readers[tagKey(node.tag)];
    if (!reader) return new OpaqueTransform(node);
    const members = membersOf(node);
    let made: Transform | undefined;
    try {
      made = reader(members, this, tagVersion(node.tag));
    } catch (cause) {
      if (cause instanceof CalwebbError) cause.message = `${cause.message} (in a node ${node.tag})`;
      throw cause;
    }
    return made ? this.finish(made, members) : new OpaqueTransform(node);
  }

  private finish(made: Transform, members: Members): Transform {
    if (typeof members.name === "string") made.name = members.name;
    if (Array.isArray(members.inputs) && members.inputs.length === made.nInputs)
      made.inputs = members.inputs.map(String);
    if (Array.isArray(members.outputs) && members.outputs.length === made.nOutputs)
      made.outputs = members.outputs.map(String);
    if (members.inverse instanceof Tagged) made.userInverse = this.read(members.inverse);
    if (members.bounding_box !== undefined) made.boundingBox = boxOf(members.bounding_box, made.inputs);
    const carried = Object.fromEntries(CARRIED.filter((k) => members[k] !== undefined).map((k) => [k, members[k]]));
    if (Object.keys(carried).length > 0) made.extra = carried;
    return made;
  }
}

/** A bounding box node: the mapping of inputs to intervals, or the old list with the last input first. */
function boxOf(node: unknown, inputs: readonly string[]): BoundingBox | undefined {
  if (node instanceof Tagged) {
    const { intervals, order } = membersOf(node);
    const kind = order === "C" ? "C" : "F";
    if (typeof intervals !== "object" || intervals === null)
      return compoundBox(membersOf(node), inputs, kind) ?? new BoundingBox([], kind, node);
    const byName = intervals as Record<string, unknown>;
    return new BoundingBox(
      inputs.map((name) => interval(byName[name])),
      kind,
    );
  }
  const list = numbersOf(node);
  if (!list) return undefined;
  const { data } = list;
  if (inputs.length === 1) return new BoundingBox([[data[0], data[1]]], "C");
  const pairs = Array.from({ length: data.length / 2 }, (_, i) => [data[2 * i], data[2 * i + 1]] as const);
  return new BoundingBox(pairs.reverse(), "C");
}

/** A box for each value of one input; undefined for other forms. */
function compoundBox(members: Members, inputs: readonly string[], order: "F" | "C"): CompoundBoundingBox | undefined {
  const args = members.selector_args as { argument?: unknown }[] | undefined;
  const list = members.cbbox as { key?: unknown; bbox?: unknown }[] | undefined;
  const selector = inputs.indexOf(String(args?.[0]?.argument));
  if (!Array.isArray(list) || args?.length !== 1 || selector < 0) return undefined;
  const boxes = new Map<number, BoundingBox>();
  for (const { key, bbox } of list) {
    const values = numbersOf(key);
    const box = boxOf(bbox, inputs);
    if (values?.data.length !== 1 || Number.isNaN(values.data[0]) || !box) return undefined;
    boxes.set(values.data[0], box);
  }
  return new CompoundBoundingBox(selector, boxes, order);
}

function interval(node: unknown): readonly [number, number] | undefined {
  const ends = numbersOf(node);
  return ends?.data.length === 2 ? [ends.data[0], ends.data[1]] : undefined;
}

/**
 * The transform of a node as `@calwebb/asdf` reads it. Its arrays must be readable without waiting; {@link loadTransform} has no
 * such need. Kinds that are not known here become an {@link OpaqueTransform}.
 */
export function transformFromAsdf(node: unknown): Transform {
  return new TransformReader().read(node);
}

/** The transform of a node, whose arrays are read first. */
export async function loadTransform(node: unknown): Promise<Transform> {
  return transformFromAsdf(await loadArrays(node));
}
