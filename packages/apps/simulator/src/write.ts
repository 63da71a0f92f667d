import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { atomicFileSink } from "@calwebb/bytes/node";
import { encodeModel, type Model } from "@calwebb/datamodels";
import type { SimulatedExposure } from "./exposure.js";
import { crdsMappings } from "./reference/mappings.js";
import { references } from "./reference/models.js";

/** Files that {@link writeExposure} wrote. */
export interface WrittenExposure {
  /** The raw exposure. */
  uncal: string;
  /** Reference set: JSON of type -> file, for `--references`. */
  references: string;
  /** Root of the CRDS cache, for CRDS_PATH, and its context, for CRDS_CONTEXT. */
  crds: { path: string; context: string } | undefined;
}

/**
 * Write an exposure, its references, the reference set that names them and, on request, a CRDS cache around them.
 * @param folder - made when it does not exist
 * @throws {CalwebbError} IoError when a file cannot be written; files already written stay
 */
export async function writeExposure(
  exposure: SimulatedExposure,
  { folder, ngroups, crds = false }: { folder: string; ngroups: number; crds?: boolean },
): Promise<WrittenExposure> {
  const uncal = join(folder, exposure.fileName);
  await save(exposure.model, uncal);
  const instrument = exposure.mode.instrument.toLowerCase();
  const store = crds ? join("crds", "references", "jwst", instrument) : "refs";
  const set: Record<string, string> = {};
  const names: Record<string, string> = {};
  for (const { type, model, fileName } of references(exposure, ngroups)) {
    const name = crds ? `jwst_${fileName}` : fileName;
    await save(model, join(folder, store, name));
    set[type] = `${store}/${name}`;
    names[type] = name;
  }
  for (const type of NOT_APPLICABLE) if (!(type in set)) set[type] = names[type] = "N/A";
  const setFile = join(folder, "references.json");
  writeFileSync(setFile, `${JSON.stringify(set, null, 1)}\n`);
  if (!crds) return { uncal, references: setFile, crds: undefined };
  const { context, files } = crdsMappings(exposure.mode, names);
  for (const { path, text } of files) {
    const file = join(folder, "crds", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { uncal, references: setFile, crds: { path: join(folder, "crds"), context } };
}

/** Types that stage 1 may ask for and that a mode may not have. */
const NOT_APPLICABLE = ["superbias", "refpix", "sirskernel", "emicorr", "reset", "rscd", "pictureframe", "pastasoss"];

async function save(model: Model, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  await encodeModel(model, atomicFileSink(path), { fileName: basename(path) });
}
