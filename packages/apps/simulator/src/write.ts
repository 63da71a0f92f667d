import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { atomicFileSink } from "@calwebb/bytes/node";
import { encodeModel, type Model } from "@calwebb/datamodels";
import type { SimulatedExposure } from "./exposure.js";
import { crdsMappings, type DetectorReferences } from "./reference/mappings.js";
import { references } from "./reference/models.js";

/** A CRDS cache: its root, for CRDS_PATH, and its context, for CRDS_CONTEXT. */
export interface Cache {
  path: string;
  context: string;
}

/** Files that {@link writeExposure} wrote. */
export interface WrittenExposure {
  /** The raw exposure. */
  uncal: string;
  /** Reference set: JSON of type -> file, for `--references`. */
  references: string;
  crds: Cache | undefined;
}

/** Files that {@link writeReferences} wrote. */
export interface WrittenReferences {
  /** Reference set. */
  references: string;
  /** What a CRDS cache has to know of them; file names. */
  names: Record<string, string>;
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
  const uncal = await writeRaw(exposure, folder);
  const { references: set, names } = await writeReferences(exposure, { folder, ngroups, crds });
  const cache = crds ? writeMappings([{ mode: exposure.mode, references: names }], folder) : undefined;
  return { uncal, references: set, crds: cache };
}

/** Write the raw exposure alone. @returns its path */
export async function writeRaw(exposure: SimulatedExposure, folder: string): Promise<string> {
  const uncal = join(folder, exposure.fileName);
  await save(exposure.model, uncal);
  return uncal;
}

/**
 * Write the references of an exposure, and the reference set that names them.
 * @param file - name of the reference set
 */
export async function writeReferences(
  exposure: SimulatedExposure,
  {
    folder,
    ngroups,
    crds = false,
    file = "references.json",
  }: { folder: string; ngroups: number; crds?: boolean; file?: string },
): Promise<WrittenReferences> {
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
  const path = join(folder, file);
  writeFileSync(path, `${JSON.stringify(set, null, 1)}\n`);
  return { references: path, names };
}

/** Write the mappings of a CRDS cache below a folder that has the reference files already. */
export function writeMappings(detectors: readonly DetectorReferences[], folder: string): Cache {
  const { context, files } = crdsMappings(detectors);
  for (const { path, text } of files) {
    const file = join(folder, "crds", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { path: join(folder, "crds"), context };
}

/** Types that a pipeline may ask for and that a mode may not have. */
const NOT_APPLICABLE = [
  "superbias",
  "refpix",
  "sirskernel",
  "emicorr",
  "reset",
  "rscd",
  "pictureframe",
  "pastasoss",
  "filteroffset",
  "psfmask",
  "tsophot",
  "fflat",
  "sflat",
  "dflat",
];

async function save(model: Model, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  await encodeModel(model, atomicFileSink(path), { fileName: basename(path) });
}
