import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileSource } from "@calwebb/bytes/node";
import { cachePaths, nodeCrds } from "@calwebb/crds/node";
import { openModel } from "@calwebb/datamodels";
import { UsageError } from "@calwebb/errors";
import { type Step, selectionHeader, suggest } from "@calwebb/stpipe";
import { makeRegistry } from "../registry.js";
import { parseArgs, type RunArgs } from "../strun/args.js";
import type { Surroundings } from "../surroundings.js";

const options = [
  { name: "help", short: "h", help: "Show this help" },
  { name: "context", value: "PMAP", help: "Context in place of the configured one" },
  { name: "types", value: "TYPE,TYPE", help: "Reference types" },
  { name: "step", value: "STEP", help: "The types of a step or pipeline" },
];

const HELP = `usage: calwebb crds COMMAND ...

  context                                            the context in use
  bestrefs FILE [--types T,T | --step STEP]          the references for a file
  prefetch FILE... [--types T,T | --step STEP]       download them
  cache                                              where the cache is and what it holds

--context PMAP asks another context. The variables CRDS_PATH, CRDS_SERVER_URL and CRDS_CONTEXT are those of the CRDS client.
`;

function typesOf(step: Step, into: Set<string>): Set<string> {
  for (const { type } of step.references) into.add(type);
  for (const child of Object.values(step.steps)) typesOf(child, into);
  return into;
}

async function wantedTypes(args: RunArgs, surroundings: Surroundings): Promise<string[]> {
  const { types, step } = args.options;
  if (typeof types === "string")
    return types
      .split(",")
      .map((t) => t.trim())
      .filter(Boolean);
  const registry = await makeRegistry(surroundings.cwd, [], () => {});
  const found = await registry.load(typeof step === "string" ? step : "calwebb_detector1");
  return [...typesOf(found, new Set())].sort();
}

async function headerOf(path: string, surroundings: Surroundings): Promise<Record<string, unknown>> {
  const source = fileSource(resolve(surroundings.cwd, path));
  try {
    return selectionHeader(await openModel(source));
  } finally {
    await source.close();
  }
}

async function lookUp(args: RunArgs, surroundings: Surroundings, download: boolean): Promise<number> {
  if (args.inputs.length === 0) throw new UsageError(`which file? calwebb crds ${args.target} FILE`);
  const types = await wantedTypes(args, surroundings);
  const crds = nodeCrds({ env: surroundings.env, log: (m) => surroundings.err(`${m}\n`) });
  const context = args.options["context"];
  let missing = 0;
  for (const file of args.inputs) {
    const header = await headerOf(file, surroundings);
    const options = {
      optional: types,
      download,
      signal: surroundings.signal,
      ...(typeof context === "string" ? { context } : {}),
    };
    const answers = await crds.find(header, types, options);
    if (args.inputs.length > 1) surroundings.out(`${file}\n`);
    for (const type of types) {
      const answer = answers[type];
      if (answer === undefined) missing++;
      surroundings.out(`${type.padEnd(18)} ${answer ?? "not found"}\n`);
    }
  }
  return missing > 0 ? 1 : 0;
}

/** Number and size of the files below a folder. */
function measure(folder: string): { files: number; bytes: number } {
  const total = { files: 0, bytes: 0 };
  if (!existsSync(folder)) return total;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    total.files++;
    total.bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return total;
}

function cacheStatus(surroundings: Surroundings): number {
  const observatory = surroundings.env["CRDS_OBSERVATORY"]?.toLowerCase() || "jwst";
  const paths = cachePaths(surroundings.env, observatory);
  for (const [what, folder] of Object.entries(paths)) {
    const { files, bytes } = measure(folder);
    const size = bytes > 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
    surroundings.out(
      `${what.padEnd(12)} ${folder}  ${existsSync(folder) ? `${files} files, ${size}` : "does not exist"}\n`,
    );
  }
  return 0;
}

/** `calwebb crds COMMAND` */
export async function crdsCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const args = parseArgs(argv, options);
  if (args.options["help"]) {
    surroundings.out(HELP);
    return 0;
  }
  switch (args.target) {
    case "context":
      surroundings.out(
        `${await nodeCrds({ env: surroundings.env, log: (m) => surroundings.err(`${m}\n`) }).context()}\n`,
      );
      return 0;
    case "bestrefs":
      return lookUp(args, surroundings, false);
    case "prefetch":
      return lookUp(args, surroundings, true);
    case "cache":
      return cacheStatus(surroundings);
    case undefined:
      throw new UsageError("which command? calwebb crds context|bestrefs|prefetch|cache");
    default: {
      const near = suggest(args.target, ["context", "bestrefs", "prefetch", "cache"]);
      throw new UsageError(`calwebb crds has no command "${args.target}"${near ? `; did you mean ${near}?` : ""}`);
    }
  }
}
