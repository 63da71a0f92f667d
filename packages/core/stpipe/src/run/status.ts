import type { Model } from "@calwebb/datamodels";
import { referenceFacts } from "../generated/references.js";
import type { Step } from "../step/types.js";

export type Status = "COMPLETE" | "SKIPPED" | "FAILED";

/** Record what became of a step in `meta.cal_step`. A step without a status attribute of its own leaves no trace. */
export function recordStatus(models: readonly Model[], attribute: string | null, status: Status): void {
  if (attribute === null) return;
  for (const model of models) model.set(`meta.cal_step.${attribute}`, status);
}

/** Attribute that a skip by parameter is recorded under: always the alias. */
export function skipAttribute(step: Step): string | null {
  return step.calStep === null ? null : step.alias;
}

export interface Provenance {
  readonly softwareVersion: string;
  readonly softwareRevision: string;
  /** Version of the client that answered look-ups. */
  readonly crdsVersion: string;
  readonly crdsContext: string;
}

/** Record software versions and the references used, as the result of every step carries them. */
export function recordProvenance(
  model: Model,
  records: readonly (readonly [string, string])[],
  provenance: Provenance,
): void {
  model.set("meta.calibration_software_version", provenance.softwareVersion);
  model.set("meta.calibration_software_revision", provenance.softwareRevision);
  if (records.length === 0) return;
  for (const [type, name] of records) if (referenceFacts[type]?.recorded) model.set(`meta.ref_file.${type}.name`, name);
  model.set("meta.ref_file.crds.sw_version", provenance.crdsVersion);
  if (provenance.crdsContext) model.set("meta.ref_file.crds.context_used", provenance.crdsContext);
}
