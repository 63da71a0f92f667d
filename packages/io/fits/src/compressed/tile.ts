import type { TypedArray } from "@calwebb/array";
import { gunzipSync } from "@calwebb/bytes";
import { isCalwebbError } from "@calwebb/errors";
import { bad, type HduPlace } from "../context.js";
import { castInto, type Storage, viewAs } from "../convert.js";
import { swapBytes } from "../swap.js";
import type { Compression } from "./header.js";
import { decodePlio } from "./plio.js";
import { decodeRice } from "./rice.js";

/** Bytes of one element of a stored type. */
const bytesPer = (stored: Storage["stored"]): number => Number(/\d+/.exec(stored)?.[0]) / 8;

/** GZIP_2 sorts bytes by significance; put them back. */
function unshuffle(bytes: Uint8Array, size: number): Uint8Array {
  const n = bytes.length / size;
  const out = new Uint8Array(bytes.length);
  for (let j = 0; j < size; j++) for (let i = 0, from = j * n; i < n; i++) out[i * size + j] = bytes[from + i];
  return out;
}

/** Native elements of `stored` type from big-endian bytes, which are used up. */
function fromBigEndian(bytes: Uint8Array, stored: Storage["stored"]): TypedArray {
  const own = bytes.slice();
  swapBytes(own, bytesPer(stored));
  return viewAs(own, stored);
}

const INTEGERS: Readonly<Record<number, Storage["stored"]>> = { 1: "uint8", 2: "int16", 4: "int32", 8: "int64" };

/** Decodes the tiles of one image. */
export class TileDecoder {
  private readonly place: HduPlace;
  private readonly compression: Compression;

  constructor(place: HduPlace, compression: Compression) {
    this.place = place;
    this.compression = compression;
    const bytePix = this.bytePix;
    if (![1, 2, 4].includes(bytePix)) throw bad(place, "BYTEPIX (ZVALn)", String(bytePix), "1, 2 or 4");
    const block = this.block;
    if (!Number.isInteger(block) || block < 1 || block > 1 << 20)
      throw bad(place, "BLOCKSIZE (ZVALn)", String(block), "a small positive number");
  }

  private get bytePix(): number {
    return this.compression.parameters.get("BYTEPIX") ?? 4;
  }

  private get block(): number {
    return this.compression.parameters.get("BLOCKSIZE") ?? 32;
  }

  private damaged(tile: number, wanted: string): Error {
    return bad(this.place, `tile ${tile + 1}`, "damaged or cut short", wanted);
  }

  /** Decompress gzip data of a tile, which cannot be longer than `limit`. */
  private inflate(bytes: Uint8Array, tile: number, limit: number): Uint8Array {
    try {
      return gunzipSync(bytes, this.place.source.name, { maxBytes: limit });
    } catch (error) {
      if (isCalwebbError(error, "IoError"))
        throw bad(this.place, `tile ${tile + 1}`, "damaged gzip data", "gzip data of the tile's size", error);
      throw error;
    }
  }

  /**
   * Stored values of a tile from its compressed bytes.
   * @param floats - the values are floats of this type when their width fits, not integers
   */
  decode(bytes: Uint8Array, tile: number, pixels: number, floats: "float32" | "float64" | undefined): TypedArray {
    const { method } = this.compression;
    if (method.startsWith("RICE")) {
      const values = decodeRice(bytes, pixels, this.block, this.bytePix);
      if (values === undefined) throw this.damaged(tile, `Rice code of ${pixels} pixels`);
      if (this.bytePix === 4) return values;
      const narrow = this.bytePix === 2 ? new Int16Array(pixels) : new Uint8Array(pixels);
      castInto(values, narrow, 0);
      return narrow;
    }
    if (method === "PLIO_1") {
      const values = decodePlio(fromBigEndian(bytes.subarray(0, bytes.length & ~1), "int16") as Int16Array, pixels);
      if (values === undefined) throw this.damaged(tile, `a line list of ${pixels} pixels`);
      return values;
    }
    if (method === "NOCOMPRESS") return this.plain(bytes, tile, pixels, floats);
    return this.gzip(bytes, tile, pixels, floats, method === "GZIP_2");
  }

  /** Gzip-compressed values; their width follows from the length. */
  gzip(
    bytes: Uint8Array,
    tile: number,
    pixels: number,
    floats: "float32" | "float64" | undefined,
    shuffled = false,
  ): TypedArray {
    const raw = this.inflate(bytes, tile, pixels * 8);
    const size = raw.length / pixels;
    if (INTEGERS[size] === undefined)
      throw this.damaged(tile, `gzip data of ${pixels} pixels, got ${raw.length} bytes`);
    return this.plain(shuffled ? unshuffle(raw, size) : raw, tile, pixels, floats);
  }

  /** Uncompressed big-endian values. */
  plain(raw: Uint8Array, tile: number, pixels: number, floats: "float32" | "float64" | undefined): TypedArray {
    const size = raw.length / pixels;
    if (INTEGERS[size] === undefined) throw this.damaged(tile, `${pixels} pixels, got ${raw.length} bytes`);
    const stored = floats !== undefined && size === bytesPer(floats) ? floats : INTEGERS[size];
    return fromBigEndian(raw, stored);
  }
}
