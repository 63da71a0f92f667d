import { bunzip2 } from "./bunzip2.js";
import { formatError } from "./error.js";
import type { AsdfSource, Job } from "./io.js";
import { unlz4 } from "./lz4.js";
import { md5 } from "./md5.js";

/** How the bytes of a block are stored. */
export type Compression = "none" | "zlib" | "bzp2" | "lz4";

export const BLOCK_MAGIC: readonly number[] = [0xd3, 0x42, 0x4c, 0x4b];
/** Bytes of a header after the magic and the two bytes that give its size. */
export const HEADER_SIZE = 48;
const STREAMED = 1;

/** One binary block. Its bytes are read when they are asked for. */
export class AsdfBlock {
  /** Position in the file's list of blocks. */
  readonly index: number;
  readonly source: AsdfSource;
  /** Where the magic is. */
  readonly offset: number;
  /** Where the stored bytes start. */
  readonly dataOffset: number;
  readonly compression: string;
  readonly allocated: number;
  /** Stored bytes. */
  readonly used: number;
  /** Bytes when expanded. */
  readonly size: number;
  /** MD5 of the stored bytes; all zero when the writer gave none. */
  readonly checksum: Uint8Array;
  readonly streamed: boolean;
  private expanded: Uint8Array | undefined;

  constructor(fields: {
    index: number;
    source: AsdfSource;
    offset: number;
    dataOffset: number;
    compression: string;
    allocated: number;
    used: number;
    size: number;
    checksum: Uint8Array;
    streamed: boolean;
  }) {
    this.index = fields.index;
    this.source = fields.source;
    this.offset = fields.offset;
    this.dataOffset = fields.dataOffset;
    this.compression = fields.compression;
    this.allocated = fields.allocated;
    this.used = fields.used;
    this.size = fields.size;
    this.checksum = fields.checksum;
    this.streamed = fields.streamed;
  }

  /** The stored bytes, as they are in the file. */
  *stored(): Job<Uint8Array> {
    return yield { source: this.source, offset: this.dataOffset, length: this.used };
  }

  /** Expanded bytes [start, start + length). Of a block that is not compressed only these are read. */
  *bytes(start = 0, length: number = this.size - start): Job<Uint8Array> {
    if (this.compression === "none") return yield { source: this.source, offset: this.dataOffset + start, length };
    this.expanded ??= yield* this.expand();
    return this.expanded.subarray(start, start + length);
  }

  /** Copy expanded bytes from `start` on into `target`. */
  *into(target: Uint8Array, start: number): Job<void> {
    if (this.compression === "none") yield { source: this.source, offset: this.dataOffset + start, into: target };
    else target.set(yield* this.bytes(start, target.length));
  }

  private *expand(): Job<Uint8Array> {
    const stored = yield* this.stored();
    try {
      switch (this.compression) {
        case "zlib":
          return yield { zlib: stored, size: this.size };
        case "bzp2":
          return bunzip2(stored, this.size);
        case "lz4":
          return unlz4(stored, this.size);
      }
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw formatError(this.source.name, `block ${this.index} (${this.compression}) cannot be expanded: ${reason}`, {
        where: `block ${this.index}`,
        cause,
      });
    }
    throw formatError(this.source.name, `block ${this.index} is compressed with "${this.compression}"`, {
      where: `block ${this.index}`,
      got: this.compression,
      wanted: "none, zlib, bzp2 or lz4",
    });
  }

  /** Compare the MD5 of the stored bytes with the header's. True also when the header has none. */
  *verify(): Job<boolean> {
    if (this.checksum.every((b) => b === 0)) return true;
    const sum = md5(yield* this.stored());
    return sum.every((b, i) => b === this.checksum[i]);
  }
}

/** Largest factor by which each method can expand data, so that a header cannot ask for absurd memory. */
const MAX_RATIO: Record<string, number> = { zlib: 1100, lz4: 256, bzp2: 50_000 };

/** Read the header at `offset`, where the magic has been seen. `limit` is where the file (or the index) ends. */
export function* readBlockHeader(source: AsdfSource, offset: number, index: number): Job<AsdfBlock> {
  const fail = (problem: string, wanted?: string) =>
    formatError(source.name, `block ${index} at byte ${offset}: ${problem}`, { where: `block ${index}`, wanted });
  if (offset + 6 + HEADER_SIZE > source.size)
    throw fail(`the header is cut off: the file ends at byte ${source.size}`, `${6 + HEADER_SIZE} bytes of header`);
  const head = yield { source, offset, length: 6 + HEADER_SIZE };
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const headerSize = view.getUint16(4);
  if (headerSize < HEADER_SIZE) throw fail(`header size ${headerSize}`, `at least ${HEADER_SIZE}`);
  const streamed = (view.getUint32(6) & STREAMED) !== 0;
  const code = head.subarray(10, 14);
  const compression = code.every((b) => b === 0) ? "none" : String.fromCharCode(...code).replace(/\0+$/, "");
  const dataOffset = offset + 6 + headerSize;
  const room = source.size - dataOffset;
  if (room < 0) throw fail(`the header is cut off: the file ends at byte ${source.size}`);
  let allocated = Number(view.getBigUint64(14));
  let used = Number(view.getBigUint64(22));
  let size = Number(view.getBigUint64(30));
  if (streamed) {
    if (compression !== "none") throw fail("a streamed block is compressed", "no compression");
    allocated = used = size = room;
  }
  if (allocated > room) throw fail(`${allocated} bytes are allocated, the file has ${room} left`, "a complete file");
  if (used > allocated) throw fail(`${used} bytes used of ${allocated} allocated`, "used <= allocated");
  if (compression === "none" && size !== used) throw fail(`data size ${size} differs from used size ${used}`);
  if (size > used * (MAX_RATIO[compression] ?? 1) + 1024)
    throw fail(`${used} stored bytes cannot expand to ${size} with ${compression}`);
  return new AsdfBlock({
    index,
    source,
    offset,
    dataOffset,
    compression,
    allocated,
    used,
    size,
    checksum: streamed ? new Uint8Array(16) : head.slice(38, 54),
    streamed,
  });
}

/** Bytes of a header, magic included. */
export function writeBlockHeader(block: {
  compression: Compression;
  used: number;
  size: number;
  checksum?: Uint8Array;
}): Uint8Array {
  const out = new Uint8Array(6 + HEADER_SIZE);
  const view = new DataView(out.buffer);
  out.set(BLOCK_MAGIC);
  view.setUint16(4, HEADER_SIZE);
  if (block.compression !== "none")
    for (let i = 0; i < block.compression.length; i++) out[10 + i] = block.compression.charCodeAt(i);
  view.setBigUint64(14, BigInt(block.used));
  view.setBigUint64(22, BigInt(block.used));
  view.setBigUint64(30, BigInt(block.size));
  if (block.checksum) out.set(block.checksum, 38);
  return out;
}
