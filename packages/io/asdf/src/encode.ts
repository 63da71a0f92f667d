import type { NdArray, TypedArray } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import { type AsdfBlock, type Compression, writeBlockHeader } from "./block.js";
import { dataTypeNode, isStructured, isText, itemSize } from "./datatype.js";
import { bytesOf } from "./decode.js";
import { toNested } from "./inline.js";
import { type AsdfSink, type Job, runAsync, runSync } from "./io.js";
import { lz4 } from "./lz4.js";
import { md5 } from "./md5.js";
import type { AsdfArray } from "./ndarray.js";
import { AsdfFile } from "./parse.js";
import { type MappingNode, Representer } from "./represent.js";
import { type AsdfMapping, markFloat, setTag } from "./tree.js";
import { writeYaml } from "./yaml-write.js";
import { zlib } from "./zlib.js";

const ASDF = "tag:stsci.edu:asdf/";
const CORE = `${ASDF}core/`;

/** Tags of files up to version 1.5.0 of the standard that 1.6.0 does not know, and what the same content is called there. */
const SINCE_1_6: ReadonlyMap<string, string> = new Map(
  [
    ["core/integer-1.0.0", "core/integer-1.1.0"],
    ["core/column-1.0.0", "table/column-1.1.0"],
    ["core/table-1.0.0", "table/table-1.1.0"],
    ["fits/fits-1.0.0", "fits/fits-1.1.0"],
    ["time/time-1.1.0", "time/time-1.2.0"],
    ["unit/quantity-1.1.0", "unit/quantity-1.2.0"],
  ].map(([old, current]) => [ASDF + old, ASDF + current]),
);

export interface EncodeOptions {
  /** Version of the ASDF standard; default 1.6.0. */
  version?: "1.5.0" | "1.6.0";
  /** How blocks of arrays in memory are stored; arrays that come from a file keep their blocks as they are. Default none. */
  compression?: Compression;
  /** Put the MD5 of every block in its header; default true. */
  checksums?: boolean;
  /** What `asdf_library` says; null leaves it as it is in the tree. */
  library?: { name: string; version: string; author?: string; homepage?: string } | null;
  /** Gives the tree value (mapping, array, `Tagged`, ...) that stands for an object of another class; undefined: it has none. */
  convert?: (value: object) => unknown;
}

const LIBRARY = {
  author: "The calwebb developers",
  homepage: "https://github.com/calwebb/calwebb",
  name: "calwebb",
  version: "1.0.0",
};

/** A block to be written: stored bytes of another file, or bytes in memory. */
interface Plan {
  block?: AsdfBlock;
  bytes?: () => Uint8Array;
  compression: Compression;
}

/**
 * Write a tree as ASDF bytes: blocks little endian, a block index when there are blocks.
 * @throws {ValidationError} when the tree holds something that a file cannot
 */
export async function encodeAsdf(tree: AsdfMapping | AsdfFile, options: EncodeOptions = {}): Promise<Uint8Array> {
  return join(await collect(tree, options));
}

async function collect(tree: AsdfMapping | AsdfFile, options: EncodeOptions): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  const { head, plans } = prepare(tree, options);
  let position = head.length;
  pieces.push(head);
  const offsets: number[] = [];
  for (const plan of plans) {
    offsets.push(position);
    for (const piece of await runAsync(storeBlock(plan, options))) {
      pieces.push(piece);
      position += piece.length;
    }
  }
  pieces.push(index(offsets));
  return pieces;
}

/** The same without waiting; arrays that come from a file need a source that can be read so. */
export function encodeAsdfSync(tree: AsdfMapping | AsdfFile, options: EncodeOptions = {}): Uint8Array {
  const { head, plans } = prepare(tree, options);
  const pieces = [head];
  const offsets: number[] = [];
  let position = head.length;
  for (const plan of plans) {
    offsets.push(position);
    for (const piece of runSync(storeBlock(plan, options))) {
      pieces.push(piece);
      position += piece.length;
    }
  }
  pieces.push(index(offsets));
  return join(pieces);
}

/** Write to a sink block by block and commit it; on failure the sink is aborted. */
export async function writeAsdf(
  tree: AsdfMapping | AsdfFile,
  sink: AsdfSink,
  options: EncodeOptions = {},
): Promise<void> {
  try {
    const { head, plans } = prepare(tree, options);
    await sink.write(head, 0);
    let position = head.length;
    const offsets: number[] = [];
    for (const plan of plans) {
      offsets.push(position);
      for (const piece of await runAsync(storeBlock(plan, options))) {
        await sink.write(piece, position);
        position += piece.length;
      }
    }
    const last = index(offsets);
    if (last.length) await sink.write(last, position);
  } catch (error) {
    await sink.abort?.();
    throw error;
  }
  await sink.commit?.();
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

function index(offsets: readonly number[]): Uint8Array {
  if (offsets.length === 0) return new Uint8Array(0);
  return new TextEncoder().encode(`#ASDF BLOCK INDEX\n%YAML 1.1\n---\n${offsets.map((o) => `- ${o}\n`).join("")}...\n`);
}

function* storeBlock(plan: Plan, options: EncodeOptions): Job<Uint8Array[]> {
  const checksums = options.checksums ?? true;
  if (plan.block) {
    const { block } = plan;
    const stored = yield* block.stored();
    const fields = { compression: block.compression as Compression, used: stored.length, size: block.size };
    return [writeBlockHeader({ ...fields, checksum: checksums ? md5(stored) : undefined }), stored];
  }
  const bytes = plan.bytes!();
  const stored = compress(bytes, plan.compression);
  const checksum = checksums ? md5(stored) : undefined;
  return [
    writeBlockHeader({ compression: plan.compression, used: stored.length, size: bytes.length, checksum }),
    stored,
  ];
}

function compress(bytes: Uint8Array, compression: Compression): Uint8Array {
  switch (compression) {
    case "none":
      return bytes;
    case "zlib":
      return zlib(bytes);
    case "lz4":
      return lz4(bytes);
    case "bzp2":
      throw new ValidationError("blocks can be read but not written with bzp2: choose zlib, lz4 or none");
  }
}

/** Text of the head and the list of blocks that its arrays refer to. */
function prepare(input: AsdfMapping | AsdfFile, options: EncodeOptions): { head: Uint8Array; plans: Plan[] } {
  const tree = input instanceof AsdfFile ? input.tree : input;
  const version = options.version ?? "1.6.0";
  const layout = new BlockLayout(options.compression ?? "none");
  const representer = new Representer({
    array: (array, node) => layout.add(array, node),
    arrayTag: `${CORE}ndarray-${version === "1.5.0" ? "1.0.0" : "1.1.0"}`,
    renamedTags: version === "1.5.0" ? new Map() : SINCE_1_6,
    complexTag: `${CORE}complex-1.0.0`,
    convert: options.convert,
  });
  const { asdf_library, history, ...rest } = tree;
  const given = options.library === null ? asdf_library : { ...LIBRARY, ...options.library };
  const ordered: AsdfMapping = {};
  if (given !== undefined)
    ordered.asdf_library = options.library === null ? given : setTag(given as object, `${CORE}software-1.0.0`);
  if (history !== undefined) ordered.history = history;
  // The marks of float members belong to the caller's object, so its own members are represented one by one.
  const root = representer.node(setTag(ordered, `${CORE}asdf-1.1.0`)) as MappingNode;
  for (const key of Object.keys(rest)) if (rest[key] !== undefined) root.items.push(representer.member(tree, key));
  layout.finish(representer);
  const text = `#ASDF 1.0.0\n#ASDF_STANDARD ${version}\n${writeYaml(root)}`;
  return { head: new TextEncoder().encode(text), plans: layout.plans };
}

/** Decides which arrays share a block. */
class BlockLayout {
  readonly plans: Plan[] = [];
  private readonly compression: Compression;
  private readonly uses: { array: AsdfArray; node: MappingNode }[] = [];

  constructor(compression: Compression) {
    this.compression = compression;
  }

  add(array: AsdfArray, node: MappingNode): void {
    this.uses.push({ array, node });
  }

  /** Number the blocks and complete the nodes, once all arrays are known. */
  finish(representer: Representer): void {
    const views = new Map<TypedArray, Set<string>>();
    for (const { array } of this.uses) {
      if (array.storage.kind !== "memory") continue;
      const { data, shape, stride, offset } = array.storage.array;
      if (!views.has(data)) views.set(data, new Set());
      views.get(data)!.add(`${offset}/${shape}/${stride}`);
    }
    const placed = new Map<unknown, number>();
    const place = (key: unknown, plan: () => Plan): number => {
      let at = placed.get(key);
      if (at === undefined) {
        at = this.plans.push(plan()) - 1;
        placed.set(key, at);
      }
      return at;
    };
    for (const { array, node } of this.uses) {
      const members = this.members(array, views, place);
      for (const [key, value] of Object.entries(members))
        if (value !== undefined) node.items.push([representer.node(key), representer.node(value)]);
    }
  }

  private members(
    array: AsdfArray,
    views: Map<TypedArray, Set<string>>,
    place: (key: unknown, plan: () => Plan) => number,
  ): AsdfMapping {
    const { storage } = array;
    const common = { datatype: dataTypeNode(array.datatype), byteorder: array.byteorder, shape: [...array.shape] };
    const mask = array.mask === undefined ? {} : { mask: array.mask };
    const layout = {
      ...(array.offset ? { offset: array.offset } : {}),
      ...(array.strides ? { strides: [...array.strides] } : {}),
    };
    switch (storage.kind) {
      case "link":
        return { source: storage.source, ...common, ...mask };
      case "inline": {
        const data = isNdArray(storage.data) ? nested(storage.data, array) : storage.data;
        return { data, datatype: common.datatype, shape: common.shape, ...mask };
      }
      case "block": {
        const { block } = storage;
        return { source: place(block, () => ({ block, compression: "none" })), ...common, ...layout, ...mask };
      }
      case "bytes": {
        const { bytes, compression = this.compression } = storage;
        return { source: place(bytes, () => ({ bytes: () => bytes, compression })), ...common, ...layout, ...mask };
      }
      case "memory":
        return { ...this.memory(array, storage.array, storage.compression, views, place), ...mask };
    }
  }

  private memory(
    array: AsdfArray,
    values: NdArray,
    compression: Compression = this.compression,
    views: Map<TypedArray, Set<string>>,
    place: (key: unknown, plan: () => Plan) => number,
  ): AsdfMapping {
    const { datatype } = array;
    const size = values.data.BYTES_PER_ELEMENT;
    if (
      isText(datatype) ||
      isStructured(datatype) ||
      (itemSize(datatype) !== size && !String(datatype).startsWith("complex"))
    )
      throw new ValidationError(
        `an array of ${values.dtype} cannot be written with datatype ${JSON.stringify(datatype)}`,
      );
    const complex = typeof datatype === "string" && datatype.startsWith("complex");
    const shape = complex ? values.shape.slice(0, -1) : [...values.shape];
    const common = { datatype, byteorder: "little", shape };
    if (views.get(values.data)!.size === 1 || complex) {
      const key = complex ? values : values.data;
      const source = place(key, () => ({ bytes: () => bytesOf(values.flat()), compression }));
      return { source, ...common };
    }
    // Several views of the same memory stay views of one block.
    const { data } = values;
    return {
      source: place(data, () => ({ bytes: () => bytesOf(data), compression })),
      ...common,
      ...(values.offset ? { offset: values.offset * size } : {}),
      ...(values.contiguous ? {} : { strides: values.stride.map((s) => s * size) }),
    };
  }
}

function isNdArray(value: unknown): value is NdArray {
  return typeof value === "object" && value !== null && "stride" in value && "data" in value;
}

/** Nested lists of an array for the tree: booleans and floats where the datatype says so. */
function nested(values: NdArray, { datatype }: AsdfArray): unknown {
  const float = typeof datatype === "string" && datatype.startsWith("float");
  const walk = (node: unknown): unknown => {
    if (!Array.isArray(node)) return datatype === "bool8" ? Boolean(node) : node;
    const list = node.map(walk);
    return float ? markFloat(list) : list;
  };
  return walk(toNested(values));
}
