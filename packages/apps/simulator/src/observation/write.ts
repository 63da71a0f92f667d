import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asnFromList, type ListItem, serialize } from "@calwebb/associations";
import { writeEcsv } from "@calwebb/ecsv";
import type { SimulatedExposure } from "../exposure.js";
import type { DetectorReferences } from "../reference/mappings.js";
import { type Cache, writeMappings, writeRaw, writeReferences } from "../write.js";
import type { Observation, Role } from "./observation.js";

/** Files of one detector. */
export interface DetectorFiles {
  /** Raw exposures, in the order in which they were taken. */
  uncal: string[];
  /** Reference set. */
  references: string;
  /** Association of stage 2: what stage 1 makes of the exposures, one product each. */
  stage2: string;
}

/** Files that {@link writeObservation} wrote. */
export interface WrittenObservation {
  detectors: Record<string, DetectorFiles>;
  /** Association of stage 3: what stage 2 makes of all exposures. */
  stage3: string;
  /** The true sources. */
  truth: string;
  crds: Cache | undefined;
}

/**
 * Write the raw exposures of an observation, the references of its detectors with their reference sets (`references.json`; of a second
 * detector `references_<detector>.json`), the associations of stages 2 and 3, and the catalog of true sources. Associations name files in
 * the same folder.
 * @param onExposure - called with every exposure that was written
 */
export async function writeObservation(
  observation: Observation,
  {
    folder,
    crds = false,
    onExposure,
  }: {
    folder: string;
    crds?: boolean;
    onExposure?: (exposure: SimulatedExposure, path: string) => void;
  },
): Promise<WrittenObservation> {
  mkdirSync(folder, { recursive: true });
  const detectors: Record<string, DetectorFiles> = {};
  const known: DetectorReferences[] = [];
  const members: ListItem[] = [];
  const rates = new Map<string, string[]>();
  const { suffixes, type, ngroups } = observation;
  for (const { exposure, role } of observation.takes()) {
    const { detector } = exposure.mode;
    const path = await writeRaw(exposure, folder);
    if (!(detector in detectors)) {
      const file = known.length === 0 ? "references.json" : `references_${detector.toLowerCase()}.json`;
      const { references, names } = await writeReferences(exposure, { folder, ngroups, crds, file });
      known.push({ mode: exposure.mode, references: names });
      detectors[detector] = { uncal: [], references, stage2: "" };
      rates.set(detector, []);
    }
    detectors[detector].uncal.push(path);
    rates.get(detector)?.push(exposure.fileName.replace("_uncal", `_${suffixes.rate}`));
    members.push([exposure.fileName.replace("_uncal", `_${suffixes.cal}`), role satisfies Role]);
    onExposure?.(exposure, path);
  }
  const level2 = type === "tso3" ? "tso-image2" : type === "wfs-image3" ? "wfs-image2" : "image2";
  for (const [number, [detector, files]] of [...rates].entries())
    detectors[detector].stage2 = saveAssociation(folder, level2, number + 1, files, { rule: "DMSLevel2bBase" });
  const stage3 = saveAssociation(folder, type, 1, members, {
    rule: "DMS_Level3_Base",
    productName: observation.product,
  });
  const truth = join(folder, "truth.ecsv");
  writeFileSync(truth, writeEcsv(observation.truth));
  return { detectors, stage3, truth, crds: crds ? writeMappings(known, folder) : undefined };
}

function saveAssociation(
  folder: string,
  type: string,
  number: number,
  items: readonly ListItem[],
  options: { rule: string; productName?: string },
): string {
  const association = asnFromList(items, {
    ...options,
    acid: "o001",
    meta: { asn_type: type, program: "01234", target: "t001", asn_pool: "none" },
  });
  const path = join(folder, `jw01234-o001_${type}_${String(number).padStart(5, "0")}_asn.json`);
  writeFileSync(path, serialize(association.data));
  return path;
}
