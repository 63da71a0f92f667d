import { defineTask, type Task } from "@calwebb/array";
import { addFlags } from "./flags.js";
import { type SubtractPlanes, subtractPlanes } from "./subtract.js";

/** Planes of a reference to subtract, and its flags. */
export interface SubtractReference extends SubtractPlanes {
  /** Flags of the pixels, changed in place, and those of the reference that are added; a plane, or several of them. */
  flags?: { pixeldq: Uint32Array; reference: Uint32Array } | undefined;
}

/** Subtract a reference from the pixels of a piece and add its flags, in place. */
export function subtractReference(piece: SubtractReference): void {
  const { flags, size, start, end } = piece;
  subtractPlanes(piece);
  if (flags === undefined) return;
  const { pixeldq, reference } = flags;
  for (let plane = 0; plane < pixeldq.length; plane += size) addFlags(pixeldq, reference, plane + start, plane + end);
}

/** {@link subtractReference} for the executor. */
export const subtractReferenceTask: Task<SubtractReference, void> = defineTask(
  import.meta.url,
  "subtractReference",
  subtractReference,
);
