import { IoError } from "@calwebb/errors";

/** Whether [offset, offset + length) lies inside a source of `size` bytes; the error says what was asked for. */
export function checkRange(name: string, size: number, offset: number, length: number): void {
  if (Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0)
    if (offset + length <= size) return;
  throw new IoError(
    `cannot read ${length} bytes at ${offset} of ${name}: it has ${size} bytes; the file may be cut short, fetch it again`,
    { file: name, got: `${size} bytes`, wanted: `${offset + length} bytes` },
  );
}

/** Whether a position can be written to. */
export function checkTarget(name: string, position: number): void {
  if (Number.isSafeInteger(position) && position >= 0) return;
  throw new IoError(`cannot write ${name} at position ${position}: positions are whole numbers from 0`, { file: name });
}
