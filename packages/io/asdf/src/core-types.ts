import type { AsdfBlock } from "./block.js";
import { type ByteOrder, type DataType, isStructured, itemSize, parseDataType, parseShape } from "./datatype.js";
import { contiguousStrides } from "./decode.js";
import { formatError } from "./error.js";
import { eachLeaf, inferType, inlineShape } from "./inline.js";
import { AsdfArray, extent, type LinkResolver } from "./ndarray.js";
import { AsdfComplex, isMapping, setTag } from "./tree.js";

const CORE = /^tag:stsci\.edu:asdf\/core\/([a-z_0-9]+)-\d+\.\d+\.\d+$/;
/** Types that are plain mappings in memory, with their tag remembered beside them. */
const PLAIN = new Set(["asdf", "software", "history_entry", "extension_metadata", "subclass_metadata"]);

export interface CoreContext {
  file: string;
  blocks: readonly AsdfBlock[];
  resolve: LinkResolver | undefined;
  maxArrayBytes: number | undefined;
}

function core(tag: string): string | undefined {
  return CORE.exec(tag)?.[1];
}

/** Whether this package makes something of its own out of a tag. */
export function isCoreType(tag: string): boolean {
  const name = core(tag);
  return name !== undefined && (name === "ndarray" || name === "complex" || PLAIN.has(name));
}

/** Make the value of a node with a known tag; undefined when the node is not what the tag promises. */
export function makeCoreType(tag: string, value: unknown, context: CoreContext): unknown {
  const name = core(tag);
  if (name === "complex") return typeof value === "string" ? parseComplex(value) : undefined;
  if (name === "ndarray") return makeArray(tag, value, context);
  return typeof value === "object" && value !== null ? setTag(value, tag) : undefined;
}

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|inf(?:inity)?|nan)`;
const COMPLEX = new RegExp(`^(?:(${NUMBER})(?![\\d.]*[ij]))?(?:(${NUMBER}|[-+])?[ij])?$`);

/** `1+2j`, `3.5`, `-infi`, `(1+2j)`; undefined when it is none. */
export function parseComplex(text: string): AsdfComplex | undefined {
  const body = text
    .trim()
    .toLowerCase()
    .replace(/^\((.*)\)$/, "$1");
  if (body === "") return undefined;
  const imaginary = /[ij]$/.test(body);
  const m = COMPLEX.exec(body);
  if (!m) return undefined;
  return new AsdfComplex(number(m[1]), imaginary ? number(m[2], 1) : 0);
}

function number(text: string | undefined, empty = 0): number {
  if (text === undefined || text === "") return empty;
  if (text === "+" || text === "-") return text === "-" ? -1 : 1;
  const body = text.replace(/^[-+]/, "");
  const value = body.startsWith("inf") ? Number.POSITIVE_INFINITY : body === "nan" ? Number.NaN : Number(body);
  return text[0] === "-" ? -value : value;
}

/** Whether lists have a shape. They do not show what follows a size of 0. */
function fitsInline(shape: readonly number[], lists: readonly number[]): boolean {
  const shown = shape.includes(0) ? shape.indexOf(0) + 1 : shape.length;
  return lists.length === shown && lists.every((n, i) => n === shape[i]);
}

function makeArray(tag: string, value: unknown, context: CoreContext): AsdfArray {
  const fail = (problem: string, wanted?: string) => formatError(context.file, `an array node ${problem}`, { wanted });
  const node = Array.isArray(value) ? { data: value } : value;
  if (!isMapping(node)) throw fail("is neither a list nor a mapping");
  const byteorder = (node.byteorder ?? "big") as ByteOrder;
  if (byteorder !== "big" && byteorder !== "little") throw fail(`has byteorder ${String(byteorder)}`, "big or little");
  let shape = node.shape === undefined ? undefined : parseShape(node.shape);
  if (node.shape !== undefined && shape === undefined)
    throw fail(`has shape ${describe(node.shape)}`, "a list of sizes, none negative");
  let datatype: DataType | undefined;
  if (node.datatype !== undefined) {
    datatype = parseDataType(node.datatype, byteorder);
    if (datatype === undefined)
      throw fail(`has datatype ${describe(node.datatype)}`, "a datatype of the ASDF standard");
  }
  const shared = { byteorder, mask: node.mask, tag, file: context.file, resolve: context.resolve };
  const common = { ...shared, maxBytes: context.maxArrayBytes };

  if (node.data !== undefined) {
    const structured = datatype !== undefined && isStructured(datatype);
    // Elements of structured arrays are lists themselves.
    const depth = structured ? (shape?.length ?? 1) : undefined;
    const found = inlineShape(node.data, depth);
    if (!found) throw fail("has data whose rows differ in length", "a rectangular list");
    if (shape && !fitsInline(shape, found)) throw fail(`has shape [${shape}] but data of shape [${found}]`);
    let type = datatype;
    if (type === undefined) {
      const guess = inferType(node.data);
      if (guess !== "text") type = guess;
      else {
        let longest = 0;
        eachLeaf(node.data, (leaf) => {
          longest = Math.max(longest, String(leaf).length);
        });
        type = ["ucs4", longest];
      }
    }
    return new AsdfArray({
      ...common,
      datatype: type,
      shape: shape ?? found,
      storage: { kind: "inline", data: node.data },
    });
  }

  const { source } = node;
  if (typeof source === "string") {
    return new AsdfArray({
      ...common,
      datatype: datatype ?? "float64",
      shape: (shape ?? []).map((n) => Math.max(n, 0)),
      storage: { kind: "link", source },
    });
  }
  if (typeof source !== "number" || !Number.isSafeInteger(source))
    throw fail("has neither data nor a source", "data, a block number or the name of a place");
  const block = context.blocks[source < 0 ? source + context.blocks.length : source];
  if (!block) throw fail(`uses block ${source}; the file has ${context.blocks.length}`, "a block that exists");
  if (datatype === undefined) throw fail("has no datatype");
  if (shape === undefined) throw fail("has no shape");
  const itemsize = itemSize(datatype);
  const offset = node.offset ?? 0;
  if (typeof offset !== "number" || !Number.isSafeInteger(offset) || offset < 0)
    throw fail(`has offset ${describe(offset)}`);
  let strides: number[] | undefined;
  if (node.strides !== undefined && node.strides !== null) {
    const given = node.strides;
    if (!Array.isArray(given) || given.length !== shape.length || !given.every((s) => Number.isSafeInteger(s)))
      throw fail(`has strides ${describe(given)} for shape [${shape}]`);
    strides = given as number[];
  }
  if (shape[0] === -1) {
    const row = Math.abs(strides?.[0] ?? itemsize * shape.slice(1).reduce((a, b) => a * b, 1));
    shape = [row > 0 ? Math.floor((block.size - offset) / row) : 0, ...shape.slice(1)];
  }
  const [low, high] = extent(shape, strides ?? contiguousStrides(shape, itemsize), offset, itemsize);
  if (low < 0 || high > block.size)
    throw fail(`of shape [${shape}] reaches bytes ${low} to ${high} of block ${block.index}, which has ${block.size}`);
  return new AsdfArray({ ...common, datatype, shape, strides, offset, storage: { kind: "block", block } });
}

function describe(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
