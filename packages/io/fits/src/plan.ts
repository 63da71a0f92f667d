import { type ByteSource, notSync } from "@calwebb/bytes";

/** Bytes that a plan needs: `target` is to be filled from `offset` of the source. */
export interface Want {
  readonly target: Uint8Array;
  readonly offset: number;
}

/**
 * A piece of reading, written once and run synchronously or not: a generator that yields what it wants to have read.
 */
export type Plan<T> = Generator<Want, T, void>;

/** `length` bytes from `offset`, in new memory. */
export function* bytesAt(offset: number, length: number): Plan<Uint8Array> {
  const target = new Uint8Array(length);
  if (length > 0) yield { target, offset };
  return target;
}

/** Run a plan on any source. */
export async function run<T>(source: ByteSource, plan: Plan<T>): Promise<T> {
  for (let step = plan.next(); ; step = plan.next()) {
    if (step.done) return step.value;
    const { target, offset } = step.value;
    if (source.readInto) await source.readInto(target, offset);
    else target.set(await source.read(offset, target.length));
  }
}

/** Run a plan at once. @throws {IoError} when the source can only be read asynchronously */
export function runSync<T>(source: ByteSource, plan: Plan<T>): T {
  const { readIntoSync, readSync } = source;
  if (readIntoSync === undefined && readSync === undefined) throw notSync(source.name);
  for (let step = plan.next(); ; step = plan.next()) {
    if (step.done) return step.value;
    const { target, offset } = step.value;
    if (readIntoSync !== undefined) readIntoSync.call(source, target, offset);
    else if (readSync !== undefined) target.set(readSync.call(source, offset, target.length));
  }
}
