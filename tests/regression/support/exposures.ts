import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExposureOptions, modeOf, type SimulatedExposure, simulate, writeExposure } from "@calwebb/simulator";

/** A simulated exposure on disk. */
export interface Exposure {
  readonly folder: string;
  /** Name of the raw file in the folder. */
  readonly raw: string;
  /** Reference set. */
  readonly references: string;
  readonly simulated: SimulatedExposure;
}

export interface Wanted extends Partial<ExposureOptions> {
  size?: number;
  readpatt?: string;
}

/** A temporary folder; the caller removes it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "calwebb-regression-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Simulate an exposure of a mode into a folder. */
export async function exposure(
  folder: string,
  mode: string,
  { size, readpatt, ...options }: Wanted = {},
): Promise<Exposure> {
  const given = { nints: 2, ngroups: 6, seed: 11, ...options };
  const simulated = simulate(modeOf(mode, { size, readpatt }), given);
  const { references } = await writeExposure(simulated, { folder, ngroups: given.ngroups });
  return { folder, raw: simulated.fileName, references, simulated };
}

/** Names of the files in a folder and below it. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
