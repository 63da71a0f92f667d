import { type DType, dtypeOf, NdArray, type TypedArray } from "@calwebb/array";
import type { ByteSink } from "@calwebb/bytes";
import { ValidationError } from "@calwebb/errors";
import { RUN } from "./bench.js";
import { CHUNK } from "./const.js";
import { type EncodedColumn, encodeColumn, rowsOf } from "./encode-column.js";
import type { Hdu } from "./file.js";
import { HduBase } from "./hdu.js";
import type { Header } from "./header.js";
import { Output } from "./output.js";
import type { HduSpec, ImageSpec, StreamedImage, TableSpec, WriteOptions } from "./specs.js";
import { buildHeader, type Item, imageItems, offsetOf, tableItems } from "./structure.js";
import { bytesOf } from "./swap.js";

/** Write elements as they are stored: big-endian, offset. */
async function putElements(out: Output, data: TypedArray, dtype: DType): Promise<void> {
  const size = data.BYTES_PER_ELEMENT;
  const flip = offsetOf(dtype) !== undefined;
  const all = bytesOf(data);
  for (let at = 0; at < all.length; at += RUN) {
    const native = all.subarray(at, at + RUN);
    const bench = out.bench(all.length);
    const part = bench.bytes.subarray(0, native.length);
    part.set(native);
    bench.toStored(part.length, size, flip);
    await out.pass(part);
  }
}

function imageData(spec: ImageSpec): { dtype?: DType; shape: readonly number[]; blocks: StreamedImage["blocks"] } {
  const { data } = spec;
  if (data === undefined) return { shape: [], blocks: [] };
  if (data instanceof NdArray || !("blocks" in data)) {
    const shape = data.shape.length === 1 && data.shape[0] === 0 ? [] : data.shape;
    if (shape.length === 0) return { shape, blocks: [] };
    return { dtype: data.dtype, shape, blocks: [data.flat()] };
  }
  return data;
}

async function writeImage(out: Output, spec: ImageSpec, first: boolean, extend: boolean, options: WriteOptions) {
  const { dtype, shape, blocks } = imageData(spec);
  const extra: Item[] = [];
  const zero = dtype === undefined ? undefined : offsetOf(dtype);
  if (zero !== undefined) extra.push({ keyword: "BSCALE", value: 1 }, { keyword: "BZERO", value: zero });
  pushName(extra, spec);
  // A header that says that extensions may follow goes on saying so.
  const mayExtend = extend || spec.header?.get("EXTEND") === true;
  const header = buildHeader(imageItems(first, mayExtend, dtype, shape), extra, spec.header, false);
  await out.hdu(header, options, async () => {
    let left = dtype === undefined ? 0 : shape.reduce((a, b) => a * b, 1);
    for await (const block of blocks) {
      left -= block.length;
      if (left < 0) break;
      if (block.length > 0 && dtype !== undefined) await putElements(out, sameType(block, dtype, spec), dtype);
    }
    if (left !== 0)
      throw new ValidationError(
        `image ${spec.name ?? "PRIMARY"}: got ${left < 0 ? "more" : `${left} fewer`} elements than its shape [${shape}] has`,
      );
    await out.pad();
  });
}

function sameType(block: TypedArray, dtype: DType, spec: ImageSpec): TypedArray {
  const got = dtypeOf(block);
  if (got === dtype || (dtype === "bool8" && got === "uint8")) return block;
  throw new ValidationError(`image ${spec.name ?? "PRIMARY"}: got a block of ${got}, wanted ${dtype}`);
}

function pushName(items: Item[], { name, version }: { name?: string; version?: number }): void {
  if (name) items.push({ keyword: "EXTNAME", value: name, comment: "extension name" });
  if (version !== undefined) items.push({ keyword: "EXTVER", value: version, comment: "extension value" });
}

function columnItems(columns: readonly EncodedColumn[]): Item[] {
  const items: Item[] = [];
  columns.forEach(({ spec, tform, tdim, tzero }, i) => {
    const add = (keyword: string, value: Item["value"]) => {
      if (value !== undefined) items.push({ keyword: `${keyword}${i + 1}`, value });
    };
    add("TTYPE", spec.name);
    add("TFORM", tform);
    add("TUNIT", spec.unit || undefined);
    if (/^\d*[BIJK]$|[PQ][BIJK]/.test(tform)) add("TNULL", spec.null);
    add("TZERO", tzero);
    add("TDISP", spec.display || undefined);
    add("TDIM", tdim);
  });
  return items;
}

async function writeTable(out: Output, spec: TableSpec, options: WriteOptions): Promise<void> {
  let nrows = spec.nrows;
  for (const column of spec.columns) nrows ??= rowsOf(column);
  // Columns of arrays without a shape: the shortest one is taken to be a scalar one.
  nrows ??= spec.columns.length === 0 ? 0 : Math.min(...spec.columns.map((c) => c.data.length));
  const rows = nrows;
  const columns: EncodedColumn[] = [];
  let heapSize = 0;
  for (const column of spec.columns) {
    const encoded = encodeColumn(column, rows, heapSize);
    columns.push(encoded);
    heapSize += encoded.heap?.length ?? 0;
  }
  const rowLength = columns.reduce((sum, c) => sum + c.width, 0);
  const extra = columnItems(columns);
  pushName(extra, spec);
  const header = buildHeader(tableItems(rowLength, rows, heapSize, columns.length), extra, spec.header, true);
  await out.hdu(header, options, async () => {
    const step = Math.max(1, Math.floor(CHUNK / Math.max(1, rowLength)));
    const scratch = new Uint8Array(Math.min(step, rows) * rowLength);
    for (let r = 0; r < rows && rowLength > 0; r += step) {
      const n = Math.min(step, rows - r);
      let offset = 0;
      for (const column of columns) {
        column.put(scratch, rowLength, offset, r, r + n);
        offset += column.width;
      }
      await out.put(scratch.subarray(0, n * rowLength));
    }
    for (const { heap } of columns) if (heap !== undefined && heap.length > 0) await out.put(heap);
    await out.pad();
  });
}

async function copyHdu(out: Output, hdu: Hdu, first: boolean, options: WriteOptions): Promise<void> {
  const { source, dataOffset, dataLength } = hdu.place;
  const header = copiedHeader(hdu, first);
  await out.hdu(header, options, async () => {
    for (let at = 0; at < dataLength; at += RUN) {
      const part = out.bench(dataLength).bytes.subarray(0, Math.min(RUN, dataLength - at));
      if (source.readInto) await source.readInto(part, dataOffset + at);
      else part.set(await source.read(dataOffset + at, part.length));
      await out.pass(part);
    }
    await out.pad(hdu.storedHeader.getString("XTENSION")?.trim() === "TABLE" ? 32 : 0);
  });
}

/** The stored header, with mandatory cards exchanged when a primary HDU becomes an extension or the other way round. */
function copiedHeader(hdu: Hdu, first: boolean): Header {
  const { storedHeader: header } = hdu;
  const changed = hdu.structure.find(([keyword, value]) => header.get(keyword) !== value);
  if (changed !== undefined)
    throw new ValidationError(
      `HDU ${hdu.index} (${hdu.name}) of ${hdu.place.source.name}: ${changed[0]} describes the stored data and cannot be changed; ` +
        "write the data as a new image or table",
      { where: changed[0] },
    );
  if (hdu.header !== header && hdu.header.changes > 0)
    throw new ValidationError(
      `HDU ${hdu.index} (${hdu.name}) of ${hdu.place.source.name} is compressed: change its storedHeader, or write it as a new image`,
      { where: `HDU ${hdu.index}` },
    );
  if (first === (hdu.index === 0)) return header;
  if (hdu.kind !== "image" && hdu.kind !== "primary")
    throw new ValidationError(`HDU ${hdu.index} (${hdu.name}) is a table and cannot be the first HDU of a file`);
  const shape = [...hdu.shape];
  const items = imageItems(first, true, hdu.storage.stored, shape);
  const scaling = header.cards.filter((c) => /^(BSCALE|BZERO|BLANK)$/.test(c.keyword));
  return buildHeader(
    items,
    scaling.map((c) => ({ keyword: c.keyword, value: c.value, comment: c.comment })),
    header,
    false,
  );
}

/**
 * Write a file: new images and tables, and HDUs of open files, whose data and unchanged cards are copied byte for byte.
 * Works piece by piece; images may be streamed. Commits the sink, or aborts it when anything fails.
 * A file must start with an image: where the first HDU is a table, an empty primary HDU is put before it.
 * @throws {ValidationError} when data and description do not fit, {IoError} when it cannot be written
 */
export async function writeFits(hdus: readonly HduSpec[], sink: ByteSink, options: WriteOptions = {}): Promise<void> {
  const out = new Output(sink, options);
  try {
    const list = [...hdus];
    const head = list[0];
    if (head === undefined || (head.kind !== "image" && head.kind !== "primary")) list.unshift({ kind: "image" });
    for (let i = 0; i < list.length; i++) {
      const spec = list[i];
      if (spec instanceof HduBase) await copyHdu(out, spec, i === 0, options);
      else if (spec.kind === "image") await writeImage(out, spec as ImageSpec, i === 0, list.length > 1, options);
      else await writeTable(out, spec as TableSpec, options);
    }
    await out.settle();
    await sink.commit();
  } catch (error) {
    await out.finish();
    await sink.abort();
    throw error;
  }
  await out.finish();
}
