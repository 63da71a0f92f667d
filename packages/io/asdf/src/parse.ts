import { type AsdfBlock, BLOCK_MAGIC, readBlockHeader } from "./block.js";
import { isCoreType, makeCoreType } from "./core-types.js";
import { formatError } from "./error.js";
import { type AsdfSource, bytesSource, type Job, runAsync, runSync } from "./io.js";
import type { LinkResolver } from "./ndarray.js";
import { type AsdfMapping, isMapping } from "./tree.js";
import { readYaml } from "./yaml-read.js";

export interface ParseOptions {
  /** Name for messages; the source's own when it has one. */
  name?: string;
  /** Finds arrays that are not in these bytes, such as `fits:SCI,1`. */
  resolve?: LinkResolver;
  /** Compare every block's MD5 with its bytes now. Default false, as in the peer. */
  verifyChecksums?: boolean;
  /** Largest YAML tree in bytes; default 64 MiB. */
  maxTreeBytes?: number;
  /** Deepest nesting of the tree; default 500. */
  maxDepth?: number;
  /** Most nodes of the tree as written; default 8 million. */
  maxNodes?: number;
  /** Most nodes of the tree when aliases are written out; default 50 million. */
  maxExpandedNodes?: number;
  /** Largest array that a reader may decode, in bytes; default 32 GiB. */
  maxArrayBytes?: number;
}

/** An entry of `history`. */
export interface HistoryEntry extends AsdfMapping {
  description?: unknown;
  time?: unknown;
  software?: unknown;
}

/** What an ASDF file holds. */
export class AsdfFile {
  readonly name: string;
  /** File format version of the first line, `1.0.0`. */
  readonly fileVersion: string;
  /** Version of the ASDF standard, `1.6.0`; `1.0.0` when the file does not say. */
  readonly version: string;
  readonly tree: AsdfMapping;
  readonly blocks: readonly AsdfBlock[];
  /** What a lenient reader accepted: a block index that does not agree with the blocks, bytes after the last block. */
  readonly warnings: readonly string[];

  constructor(fields: {
    name: string;
    fileVersion: string;
    version: string;
    tree: AsdfMapping;
    blocks: readonly AsdfBlock[];
    warnings: readonly string[];
  }) {
    this.name = fields.name;
    this.fileVersion = fields.fileVersion;
    this.version = fields.version;
    this.tree = fields.tree;
    this.blocks = fields.blocks;
    this.warnings = fields.warnings;
  }

  /** Entries of the history, from either of its two layouts. */
  get history(): HistoryEntry[] {
    const { history } = this.tree;
    const entries = isMapping(history) ? history.entries : history;
    return Array.isArray(entries) ? entries.filter(isMapping) : [];
  }

  /** Extensions that the writer says it used. */
  get extensions(): AsdfMapping[] {
    const { history } = this.tree;
    const list = isMapping(history) ? history.extensions : undefined;
    return Array.isArray(list) ? list.filter(isMapping) : [];
  }

  /** Check the MD5 of every block. */
  async verify(): Promise<void> {
    await runAsync(verifyBlocks(this.name, this.blocks));
  }
}

/**
 * Read an ASDF file. Arrays stay where they are until they are read; trees keep tags, shared nodes, and the difference between
 * integers and floats (see `isFloat`).
 * @throws {AsdfFormatError} when the bytes are not ASDF, are cut off, or ask for more than the limits of the options allow
 */
export async function parseAsdf(input: Uint8Array | AsdfSource, options: ParseOptions = {}): Promise<AsdfFile> {
  return runAsync(parse(toSource(input, options), options));
}

/** The same without waiting, for bytes in memory and sources with `readSync`. */
export function parseAsdfSync(input: Uint8Array | AsdfSource, options: ParseOptions = {}): AsdfFile {
  return runSync(parse(toSource(input, options), options));
}

function toSource(input: Uint8Array | AsdfSource, options: ParseOptions): AsdfSource {
  return input instanceof Uint8Array ? bytesSource(input, options.name ?? "ASDF data") : input;
}

function* parse(source: AsdfSource, options: ParseOptions): Job<AsdfFile> {
  const name = options.name ?? source.name;
  const head = yield* readHead(source, name, options.maxTreeBytes ?? 2 ** 26);
  const warnings: string[] = [];
  const blocks = yield* readBlocks(source, name, head.blocksFrom, warnings);
  if (options.verifyChecksums) yield* verifyBlocks(name, blocks);
  const context = { file: name, blocks, resolve: options.resolve, maxArrayBytes: options.maxArrayBytes };
  const root =
    head.tree === undefined
      ? {}
      : readYaml(head.tree, {
          file: name,
          maxDepth: options.maxDepth ?? 500,
          maxNodes: options.maxNodes ?? 8_000_000,
          maxExpandedNodes: options.maxExpandedNodes ?? 50_000_000,
          constructs: isCoreType,
          construct: (tag, value) => makeCoreType(tag, value, context),
        });
  if (root !== null && !isMapping(root))
    throw formatError(name, "the tree is not a mapping", { wanted: "a mapping (core/asdf)" });
  return new AsdfFile({
    name,
    fileVersion: head.fileVersion,
    version: head.version,
    tree: root ?? {},
    blocks,
    warnings,
  });
}

function* verifyBlocks(name: string, blocks: readonly AsdfBlock[]): Job<void> {
  for (const block of blocks)
    if (!(yield* block.verify()))
      throw formatError(name, `block ${block.index} is damaged: its bytes do not give the MD5 of its header`, {
        where: `block ${block.index}`,
      });
}

interface Head {
  fileVersion: string;
  version: string;
  /** Text of the YAML document, or undefined when the file has none. */
  tree: string | undefined;
  /** Where to look for the first block. */
  blocksFrom: number;
}

const LF = 10;
const CR = 13;
const DOT = 46;

function* readHead(source: AsdfSource, name: string, maxTree: number): Job<Head> {
  let bytes = yield { source, offset: 0, length: Math.min(source.size, 1 << 16) };
  const ascii = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  const first = /^#ASDF (\d+\.\d+\.\d+)\r?\n/.exec(ascii(0, Math.min(bytes.length, 64)));
  if (!first)
    throw formatError(name, "this is not an ASDF file", {
      got: JSON.stringify(ascii(0, Math.min(bytes.length, 16))),
      wanted: "#ASDF 1.0.0",
    });
  if (!first[1].startsWith("1."))
    throw formatError(name, `ASDF file format ${first[1]} is not supported`, { got: first[1], wanted: "1.x" });
  let at = first[0].length;
  let version = "1.0.0";
  // Comment lines.
  while (bytes[at] === 0x23) {
    const end = bytes.indexOf(LF, at);
    if (end < 0)
      throw formatError(name, "the file ends inside its comment lines", { wanted: "a YAML tree or a block" });
    const standard = /^#ASDF_STANDARD (\d+\.\d+\.\d+)/.exec(ascii(at, Math.min(end, at + 64)));
    if (standard) version = standard[1];
    at = end + 1;
  }
  const result = { fileVersion: first[1], version };
  if (bytes[at] !== 0x25 && bytes[at] !== 0x2d) return { ...result, tree: undefined, blocksFrom: at };
  const start = at;
  for (let from = at; ; ) {
    const end = findDocumentEnd(bytes, from, bytes.length === source.size);
    if (end && end.marker <= maxTree) {
      const tree = decodeUtf8(bytes.subarray(start, end.marker), name);
      return { ...result, tree, blocksFrom: end.after };
    }
    if (bytes.length === source.size && !end) {
      throw formatError(name, "the file ends inside its YAML tree", {
        got: `${source.size} bytes`,
        wanted: "a line with ... after the tree",
      });
    }
    if (end || bytes.length >= maxTree)
      throw formatError(name, `the YAML tree is longer than ${maxTree} bytes`, { wanted: "a line with ... after it" });
    from = Math.max(start, bytes.length - 8);
    bytes = yield { source, offset: 0, length: Math.min(source.size, bytes.length * 4, maxTree) };
  }
}

/** Find the line `...`. `last` says that no bytes follow. */
function findDocumentEnd(
  bytes: Uint8Array,
  from: number,
  last: boolean,
): { marker: number; after: number } | undefined {
  for (let i = bytes.indexOf(LF, from); i >= 0; i = bytes.indexOf(LF, i + 1)) {
    if (bytes[i + 1] !== DOT || bytes[i + 2] !== DOT || bytes[i + 3] !== DOT) continue;
    const p = i + 4;
    if (p === bytes.length && last) return { marker: i + 1, after: p };
    if (bytes[p] === LF) return { marker: i + 1, after: p + 1 };
    if (bytes[p] === CR && bytes[p + 1] === LF) return { marker: i + 1, after: p + 2 };
  }
  return undefined;
}

function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    // TextDecoder refuses shared memory.
    const own = typeof SharedArrayBuffer !== "undefined" && bytes.buffer instanceof SharedArrayBuffer;
    return new TextDecoder("utf-8", { fatal: true }).decode(own ? bytes.slice() : bytes);
  } catch (cause) {
    throw formatError(name, "the YAML tree is not UTF-8 text", { cause });
  }
}

/** The most padding that is searched for the first block, and the most blocks. */
const MAX_PADDING = 2 ** 26;
const MAX_BLOCKS = 2 ** 16;

function* readBlocks(source: AsdfSource, name: string, from: number, warnings: string[]): Job<AsdfBlock[]> {
  const blocks: AsdfBlock[] = [];
  let at = yield* findMagic(source, from);
  while (at !== undefined) {
    if (blocks.length >= MAX_BLOCKS) throw formatError(name, `more than ${MAX_BLOCKS} blocks`);
    const block: AsdfBlock = yield* readBlockHeader(source, at, blocks.length);
    blocks.push(block);
    at = block.dataOffset + block.allocated;
    if (block.streamed) return blocks;
    if (at + 4 > source.size) {
      if (at < source.size) warnings.push(`${name}: ${source.size - at} bytes after the last block`);
      return blocks;
    }
    const magic = yield { source, offset: at, length: 4 };
    if (BLOCK_MAGIC.every((b, i) => magic[i] === b)) continue;
    if (magic[0] === 0x23) yield* checkIndex(source, name, at, blocks, warnings);
    else if (!magic.every((b) => b === 0)) warnings.push(`${name}: bytes that are no block after block ${block.index}`);
    return blocks;
  }
  return blocks;
}

/** First block magic at or after `from`; padding of any kind may come before it. */
function* findMagic(source: AsdfSource, from: number): Job<number | undefined> {
  const piece = 1 << 16;
  for (let at = from; at + 4 <= source.size && at - from < MAX_PADDING; at += piece - 3) {
    const bytes = yield { source, offset: at, length: Math.min(piece, source.size - at) };
    for (let i = bytes.indexOf(BLOCK_MAGIC[0]); i >= 0; i = bytes.indexOf(BLOCK_MAGIC[0], i + 1))
      if (BLOCK_MAGIC.every((b, k) => bytes[i + k] === b)) return at + i;
  }
  return undefined;
}

/** The index repeats what the headers say; blocks count, a disagreement is only noted. */
function* checkIndex(
  source: AsdfSource,
  name: string,
  at: number,
  blocks: readonly AsdfBlock[],
  warnings: string[],
): Job<void> {
  const length = Math.min(source.size - at, 64 + blocks.length * 24);
  const bytes = yield { source, offset: at, length };
  const text = String.fromCharCode(...bytes.subarray(0, 1 << 15));
  if (!text.startsWith("#ASDF BLOCK INDEX")) {
    warnings.push(`${name}: text after the last block that is no block index`);
    return;
  }
  if (blocks.length > 1000) return;
  const list = text.split("---")[1]?.split("\n...")[0] ?? "";
  const offsets = (list.match(/\d+/g) ?? []).map(Number);
  if (offsets.length !== blocks.length || offsets.some((o, i) => o !== blocks[i].offset))
    warnings.push(`${name}: the block index does not agree with the blocks and was ignored`);
}
