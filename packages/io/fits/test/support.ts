import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TypedArray } from "@calwebb/array";
import { type ByteSource, memorySource } from "@calwebb/bytes";
import { type FitsFile, openFitsSync } from "../src/index.js";

export const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

export const bytesOfFixture = (name: string): Uint8Array => new Uint8Array(readFileSync(fixture(name)));

export const openFixture = (name: string): FitsFile => openFitsSync(memorySource(bytesOfFixture(name), name));

export const expectedOf = <T>(name: string): T => JSON.parse(readFileSync(fixture(`${name}.json`), "utf8")) as T;

/** Values as the expectations spell them: integers beyond 2^53, NaN and infinities as text. */
export function plain(data: TypedArray | readonly string[]): (number | string)[] {
  return Array.from(data as ArrayLike<number | bigint | string>, (x) => {
    if (typeof x === "bigint") return Number.isSafeInteger(Number(x)) ? Number(x) : String(x);
    if (typeof x === "string" || Number.isFinite(x)) return x;
    return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  });
}

/** A source that counts the bytes it gives out. */
export function countingSource(bytes: Uint8Array): ByteSource & { taken: number; from: number; to: number } {
  const inner = memorySource(bytes, "counted.fits");
  const note = (offset: number, length: number) => {
    source.taken += length;
    source.from = Math.min(source.from, offset);
    source.to = Math.max(source.to, offset + length);
  };
  const source = {
    name: inner.name,
    size: inner.size,
    taken: 0,
    from: Number.POSITIVE_INFINITY,
    to: 0,
    read: async (offset: number, length: number) => {
      note(offset, length);
      return inner.read(offset, length);
    },
    readSync: (offset: number, length: number) => {
      note(offset, length);
      return (inner.readSync as NonNullable<ByteSource["readSync"]>)(offset, length);
    },
    close: () => inner.close(),
  };
  return source;
}
