import { NdArray, type TypedArray } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import { AsdfArray } from "./ndarray.js";
import { formatFloat } from "./scalar.js";
import { AsdfComplex, isFloat, isMapping, Tagged, Timestamp, tagOf } from "./tree.js";

/** A node as the emitter wants it. A node object that is met twice gets an anchor. */
export type Node = ScalarNode | SequenceNode | MappingNode;

export interface ScalarNode {
  kind: "scalar";
  tag: string | undefined;
  text: string;
  /** Strings are quoted where a plain one would be taken for something else. */
  string: boolean;
}

export interface SequenceNode {
  kind: "sequence";
  tag: string | undefined;
  items: Node[];
  uses: number;
  anchor: string | undefined;
}

export interface MappingNode {
  kind: "mapping";
  tag: string | undefined;
  items: [Node, Node][];
  uses: number;
  anchor: string | undefined;
}

export interface RepresentOptions {
  /** Makes the node of an array; its items may be filled in later. */
  array: (array: AsdfArray, node: MappingNode) => void;
  /** Tag of complex numbers. */
  complexTag: string;
  arrayTag: string;
  /** Tags that are called otherwise in what is written. */
  renamedTags: ReadonlyMap<string, string>;
  /** Gives the tree value that stands for an object of a class unknown here. */
  convert?: (value: object) => unknown;
}

const MAX_INTEGER = 2n ** 63n - 1n;

const plain = (text: string, tag?: string): ScalarNode => ({ kind: "scalar", tag, text, string: false });

/** Turn a tree into nodes. */
export class Representer {
  private readonly options: RepresentOptions;
  private readonly known = new Map<object, Node>();
  private readonly path: string[] = [];

  constructor(options: RepresentOptions) {
    this.options = options;
  }

  private fail(problem: string): ValidationError {
    const where = this.path.join(".") || "the root";
    return new ValidationError(`the tree cannot be written: ${where} ${problem}`, { where });
  }

  node(value: unknown, container?: object, key?: unknown): Node {
    switch (typeof value) {
      case "string":
        return { kind: "scalar", tag: undefined, text: value, string: true };
      case "number": {
        const float = !Number.isSafeInteger(value) || Object.is(value, -0) || (container && isFloat(container, key));
        return plain(float ? formatFloat(value) : String(value));
      }
      case "boolean":
        return plain(value ? "true" : "false");
      case "bigint":
        if (value > MAX_INTEGER || value < -MAX_INTEGER)
          throw this.fail(`is the integer ${value}; ASDF allows 64 bits with sign`);
        return plain(String(value));
      case "undefined":
        return plain("null");
      case "object":
        return value === null ? plain("null") : this.object(value);
      default:
        throw this.fail(`is a ${typeof value}, which a file cannot hold`);
    }
  }

  /** Key and value of one member, with the member's name in messages about it. */
  member(container: object, key: string): [Node, Node] {
    this.path.push(key);
    const pair: [Node, Node] = [this.node(key), this.node((container as Record<string, unknown>)[key], container, key)];
    this.path.pop();
    return pair;
  }

  private object(value: object): Node {
    const known = this.known.get(value);
    if (known) {
      if (known.kind !== "scalar") known.uses++;
      return known;
    }
    if (value instanceof Timestamp) return plain(value.text);
    if (value instanceof Date) return plain(value.toISOString().replace("T", " ").replace("Z", "+00:00"));
    if (value instanceof AsdfComplex) return plain(formatComplex(value), this.options.complexTag);
    if (Array.isArray(value)) return this.sequence(value, value, tagOf(value));
    if (value instanceof Map) return this.mapping(value, value, tagOf(value));
    if (value instanceof Tagged) return this.tagged(value);
    const array = asArray(value);
    if (array) {
      const node = this.open<MappingNode>(value, {
        kind: "mapping",
        tag: this.options.arrayTag,
        items: [],
        uses: 1,
        anchor: undefined,
      });
      this.options.array(array, node);
      return node;
    }
    if (isMapping(value)) return this.mapping(value, value, tagOf(value));
    const converted = this.options.convert?.(value);
    if (converted === undefined || converted === value)
      throw this.fail(
        `is an instance of ${value.constructor?.name ?? "an unknown class"}, which has no form in a file`,
      );
    const node = this.node(converted);
    this.known.set(value, node);
    return node;
  }

  private open<N extends Node>(value: object, node: N): N {
    this.known.set(value, node);
    return node;
  }

  private tagged(value: Tagged): Node {
    const inner = value.value;
    const tag = this.options.renamedTags.get(value.tag) ?? value.tag;
    if (Array.isArray(inner)) return this.sequence(value, inner, tag);
    if (inner instanceof Map || isMapping(inner)) return this.mapping(value, inner, tag);
    if (typeof inner === "object" && inner !== null)
      throw this.fail(`has tag ${value.tag} around an object that is neither a mapping nor an array`);
    const node = this.node(inner, value, "value") as ScalarNode;
    return { ...node, tag };
  }

  private sequence(value: object, items: readonly unknown[], tag: string | undefined): Node {
    const node = this.open<SequenceNode>(value, { kind: "sequence", tag, items: [], uses: 1, anchor: undefined });
    for (let i = 0; i < items.length; i++) {
      this.path.push(String(i));
      node.items.push(this.node(items[i], items as object, i));
      this.path.pop();
    }
    return node;
  }

  private mapping(value: object, members: object, tag: string | undefined): Node {
    const node = this.open<MappingNode>(value, { kind: "mapping", tag, items: [], uses: 1, anchor: undefined });
    const entries: Iterable<[unknown, unknown]> = members instanceof Map ? members : Object.entries(members);
    for (const [key, member] of entries) {
      // A member that is undefined is a member that is not there.
      if (member === undefined) continue;
      this.path.push(String(key));
      node.items.push([this.node(key), this.node(member, members, key)]);
      this.path.pop();
    }
    return node;
  }
}

/** Anything that is an array of pixels: an AsdfArray, an NdArray (of any copy of the package), or a typed array. */
function asArray(value: object): AsdfArray | undefined {
  if (value instanceof AsdfArray) return value;
  if (value instanceof NdArray) return AsdfArray.of(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const data = value as TypedArray;
    return AsdfArray.of(new NdArray(data, [data.length]));
  }
  if ("data" in value && "shape" in value && "stride" in value && "offset" in value && ArrayBuffer.isView(value.data)) {
    const { data, shape, stride, offset } = value as NdArray;
    return AsdfArray.of(new NdArray(data, shape, stride, offset));
  }
  return undefined;
}

function formatComplex({ re, im }: AsdfComplex): string {
  const text = (x: number): string => {
    if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x < 0 ? "-inf" : "inf";
    return Object.is(x, -0) ? "-0" : String(x);
  };
  const imaginary = text(im);
  return `${text(re)}${imaginary.startsWith("-") ? "" : "+"}${imaginary}j`;
}
