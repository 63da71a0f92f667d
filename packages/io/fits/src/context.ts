import { allocate, type Content, type DType, type Executor, type TypedArrayOf } from "@calwebb/array";
import type { ByteSource } from "@calwebb/bytes";
import { FitsFormatError, IoError } from "@calwebb/errors";
import type { Header } from "./header.js";

/** Where in which file something is, for messages, and where an HDU lies. */
export interface HduPlace {
  readonly source: ByteSource;
  readonly index: number;
  /** Number and name, for messages. */
  readonly label: string;
  /** First byte of the header. */
  readonly headerOffset: number;
  /** First byte of the data. */
  readonly dataOffset: number;
  /** Bytes of data without padding. */
  readonly dataLength: number;
  /** Problems that could be read over. */
  readonly warnings: string[];
  /** What large images are read with. */
  readonly executor?: Executor;
}

/** An error about a keyword, a column or another part of an HDU. */
export function formatError(
  file: string,
  index: number | string,
  where: string,
  got: string,
  wanted: string,
  cause?: unknown,
): FitsFormatError {
  return new FitsFormatError(`${file}, HDU ${index}: ${where} is ${got}, wanted ${wanted}`, {
    file,
    where: `HDU ${index} ${where}`,
    got,
    wanted,
    cause,
  });
}

export function bad(place: HduPlace, where: string, got: string, wanted: string, cause?: unknown): FitsFormatError {
  return formatError(place.source.name, place.label, where, got, wanted, cause);
}

/** How a header value is named in a message. */
export function show(value: unknown): string {
  if (value === undefined) return "missing or without a value";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** An integer keyword within bounds; `fallback` when it is absent (required when undefined). */
export function integer(
  file: string,
  index: number | string,
  header: Header,
  keyword: string,
  min: number,
  max: number,
  fallback?: number,
): number {
  if (fallback !== undefined && !header.has(keyword)) return fallback;
  const value = header.get(keyword);
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  const wanted = max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number ${min} to ${max}`;
  throw formatError(file, index, keyword, show(value), wanted);
}

/** Memory for decoded data; lack of memory is an IoError that says what was asked for. */
export function memory<D extends DType>(
  place: HduPlace,
  dtype: D,
  length: number,
  content: Content = "zeros",
): TypedArrayOf<D> {
  try {
    return allocate(dtype, length, content);
  } catch (cause) {
    throw new IoError(
      `not enough memory for ${length} elements of ${dtype} of HDU ${place.label} of ${place.source.name}: read it in parts`,
      { file: place.source.name, where: `HDU ${place.index}`, cause },
    );
  }
}
