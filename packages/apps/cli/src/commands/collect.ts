import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { IoError, UsageError } from "@calwebb/errors";
import type { Surroundings } from "../surroundings.js";

/** Folder of the shipped configuration files. */
export const CFG_FOLDER: string = fileURLToPath(new URL("../../cfg", import.meta.url));

/** `collect_pipeline_cfgs FOLDER`: copy the shipped configuration files of all steps and pipelines. */
export async function collectCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { program } = surroundings;
  if (argv.includes("-h") || argv.includes("--help")) {
    surroundings.out(
      `usage: ${program} FOLDER\n\nCopy the configuration files of all steps and pipelines to FOLDER ("." for this one).\n`,
    );
    return 0;
  }
  if (argv.length !== 1 || argv[0].startsWith("-"))
    throw new UsageError(
      `exactly one folder is wanted, got ${argv.length === 1 ? argv[0] : argv.length}: ${program} FOLDER`,
    );
  const target = resolve(surroundings.cwd, argv[0]);
  const files = existsSync(CFG_FOLDER) ? readdirSync(CFG_FOLDER).filter((f) => f.endsWith(".cfg")) : [];
  try {
    mkdirSync(target, { recursive: true });
    for (const file of files) copyFileSync(join(CFG_FOLDER, file), join(target, file));
  } catch (cause) {
    throw new IoError(`cannot copy to ${argv[0]}: ${(cause as Error).message}`, { file: argv[0], cause });
  }
  surroundings.out(`${files.length} configuration files in ${argv[0]}\n`);
  return 0;
}
