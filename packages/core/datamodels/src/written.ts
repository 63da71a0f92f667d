import type { DataModel } from "./data-model.js";
import type { Model } from "./model.js";
import type { TreeObject } from "./tree/types.js";

/** When a file was written, and by which version of the software. */
export interface Written {
  readonly date: string | undefined;
  readonly calibration_software_version: string | undefined;
  readonly calibration_software_revision: string | undefined;
}

const text = (v: unknown): string | undefined => (typeof v === "string" ? v : undefined);

/** What metadata say of the file that they are from. */
export function writtenOf(meta: TreeObject): Written {
  return {
    date: text(meta.date),
    calibration_software_version: text(meta.calibration_software_version),
    calibration_software_revision: text(meta.calibration_software_revision),
  };
}

/**
 * When and by which version the file of a model was written. Steps that change the model record their own version in its metadata; this
 * stays. A model that is from no file: what its metadata say.
 */
export function writtenAs(model: Model): Written {
  const m = model as unknown as DataModel;
  return m.origin?.written ?? writtenOf(m.tree.meta as TreeObject);
}

/** Let a model that only went through a temporary file count as from the file that it was from before. */
export function keepWritten(model: Model, before: Model): void {
  const m = model as unknown as DataModel;
  m.origin = { ...(m.origin ?? { name: "" }), written: writtenAs(before) };
}
