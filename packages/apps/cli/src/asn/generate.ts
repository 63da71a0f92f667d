import { basename, join } from "node:path";
import {
  type Association,
  describeProblem,
  dump,
  type GenerateOptions,
  generateAsync,
  type Problem,
  type RuleSource,
  readPool,
  ruleProblem,
  type SpreadOptions,
  writePool,
} from "@calwebb/associations";
import { describeError, isCalwebbError, UsageError } from "@calwebb/errors";
import { parseCores } from "../strun/args.js";
import type { Surroundings } from "../surroundings.js";
import { type AsnArgs, type AsnOption, asnHelp, parseAsnArgs } from "./args.js";
import { progressBar } from "./bar.js";
import { checkFormat, makeFolder, readText, writeText } from "./files.js";
import { findRuleModule, importRules, stageRuleModules } from "./rules.js";

const OPTIONS: readonly AsnOption[] = [
  { name: "ids", short: "i", value: "ID", takes: "many", help: "Only these candidates: o001 c1000 ..." },
  { name: "discover", help: "Only associations across candidates (discovered)" },
  { name: "all-candidates", help: "Only associations of candidates" },
  { name: "cross-candidate-only", help: "Discovered associations that no candidate has with the same members" },
  { name: "path", short: "p", value: "FOLDER", help: "Folder to write to (default: here)" },
  {
    name: "save-orphans",
    value: "FILE",
    takes: "optional",
    help: "Write exposures in no association to FILE (orphaned.csv)",
  },
  { name: "version-id", value: "ID", takes: "optional", help: "Put ID into names; without ID the present time" },
  { name: "rules", short: "r", value: "MODULE", repeat: true, help: "Module with further rules; may be repeated" },
  { name: "ignore-default", help: "Only the rules of --rules" },
  { name: "dry-run", help: "List what would be written, write nothing" },
  { name: "delimiter", short: "d", value: "CHAR", help: "What separates columns of the pool (default: |)" },
  { name: "pool-format", value: "NAME", help: "Format of the pool: ascii (default), csv or ecsv" },
  { name: "sort", help: "Take exposures by name: the result does not depend on the order of rows" },
  { name: "DMS", help: "As in ground processing: count the backgrounds of --ids when duplicates are dropped" },
  { name: "format", value: "NAME", help: "Format of the associations: json (default) or yaml" },
  { name: "merge", help: "One association with several products per candidate and type in stage 2" },
  { name: "no-merge", help: "The default; accepted for old scripts" },
  { name: "no-finalize", help: "Leave the associations as they grow: not checked, doubles kept" },
  { name: "per-pool-algorithm", help: "Look at all candidates at once" },
  {
    name: "cores",
    value: "N",
    help: "Number of workers; the associations are the same for every number",
  },
  { name: "verbose", short: "v", help: "Say more: names of the associations, all warnings" },
  { name: "debug", short: "D", help: "Say most" },
];

const ABOUT = `Make the associations of stages 2 and 3 from pools of exposures: those of every candidate, and those across candidates.
Rows that cannot be used are reported and left out; the status is then 1, and all other associations are written.`;

const WARNINGS_SHOWN = 5;

/** `asn_generate POOL...` */
export async function generateCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { program } = surroundings;
  const args = parseAsnArgs(argv, OPTIONS);
  if (args.flag("help")) {
    surroundings.out(asnHelp(`${program} POOL... [options]`, ABOUT, OPTIONS));
    return 0;
  }
  if (args.positional.length === 0) throw new UsageError(`which pool? ${program} POOL`);
  const exclusive = ["ids", "discover", "all-candidates", "cross-candidate-only"].filter((n) => args.flag(n));
  if (exclusive.length > 1)
    throw new UsageError(`--${exclusive[0]} and --${exclusive[1]} exclude each other`, { where: exclusive[1] });
  if (args.flag("ignore-default") && !args.flag("rules"))
    throw new UsageError("--ignore-default leaves no rules; give some with --rules");
  const cores = parseCores(args.value("cores") ?? "1");
  if (cores > 1 && args.flag("per-pool-algorithm"))
    throw new UsageError("--cores spreads candidates; --per-pool-algorithm looks at all of them at once", {
      where: "cores",
    });
  const format = checkFormat(args.value("format") ?? "json");
  const modules = [
    ...(args.flag("ignore-default") ? [] : stageRuleModules()),
    ...args.values("rules").map((name) => findRuleModule(surroundings, name)),
  ];
  const rules = await importRules(modules);
  const folder = args.value("path") ?? ".";
  if (!args.flag("dry-run")) makeFolder(surroundings, folder);
  const workers = cores > 1 ? (await import("../pool/pool.js")).makePool(cores) : undefined;
  const run: Run = {
    args,
    surroundings,
    format,
    rules,
    folder,
    written: new Map(),
    spread: workers === undefined ? {} : { executor: workers, ruleModules: modules.map((m) => m.url()) },
  };
  let status = 0;
  try {
    for (const pool of args.positional) {
      try {
        if (!(await onePool(pool, run))) status = 1;
      } catch (error) {
        if (args.positional.length === 1 || !isCalwebbError(error) || isCalwebbError(error, "Cancelled")) throw error;
        surroundings.err(`${program}: ${describeError(error)}\n`);
        status = 1;
      }
    }
  } finally {
    await workers?.close();
  }
  return status;
}

interface Run {
  readonly args: AsnArgs;
  readonly surroundings: Surroundings;
  readonly format: "json" | "yaml";
  readonly rules: readonly RuleSource[];
  readonly folder: string;
  /** How the work is spread over workers. */
  readonly spread: Pick<SpreadOptions, "executor" | "ruleModules">;
  /** Pools by the names of files written in this run. */
  readonly written: Map<string, string>;
}

function generateOptions(args: AsnArgs, rules: readonly RuleSource[]): GenerateOptions {
  const version = args.value("version-id");
  const cross = args.flag("cross-candidate-only");
  return {
    ...(args.flag("ids") ? { candidateIds: args.values("ids") } : {}),
    discover: args.flag("discover") || cross,
    allCandidates: args.flag("all-candidates") || cross,
    versionId: version === undefined ? null : version === "" ? true : version,
    rules,
    finalize: !args.flag("no-finalize"),
    merge: args.flag("merge"),
    sort: args.flag("sort"),
    dms: args.flag("DMS"),
    perPool: args.flag("per-pool-algorithm"),
  };
}

async function onePool(file: string, run: Run): Promise<boolean> {
  const { args, surroundings, folder, format } = run;
  const { program } = surroundings;
  const verbose = args.flag("verbose") || args.flag("debug");
  const dry = args.flag("dry-run");
  let errors = 0;
  let warnings = 0;
  let lost = 0;
  const bar = progressBar(surroundings);
  const say = (kind: string, message: string): void => {
    bar.clear();
    surroundings.err(`${program}: ${kind}: ${message}\n`);
  };
  const onProblem = (problem: Problem): void => {
    if (problem.severity === "error") errors++;
    else if (++warnings > WARNINGS_SHOWN && !verbose) return;
    say(problem.severity, describeProblem(problem));
  };
  const pool = readPool(readText(surroundings, file), {
    name: file,
    delimiter: args.value("delimiter") ?? (args.value("pool-format") === "csv" ? "," : "|"),
    onProblem,
  });
  const { associations: all, orphans } = await generateAsync(pool, {
    ...generateOptions(args, run.rules),
    ...run.spread,
    onProblem,
    onProgress: bar.show,
    signal: surroundings.signal,
  });
  bar.clear();
  const associations = args.flag("cross-candidate-only") ? all.filter((a) => a.acid.id.startsWith("a")) : all;
  if (warnings > WARNINGS_SHOWN && !verbose)
    say("warning", `${file}: ${warnings - WARNINGS_SHOWN} more warnings; --verbose shows them`);
  const attempt = (association: Association): { name: string; text: string } | undefined => {
    try {
      const made = dry ? { name: `${association.name}.${format}`, text: "" } : dump(association, format);
      if (basename(made.name) !== made.name) throw new UsageError(`"${made.name}" is no name for a file`);
      return made;
    } catch (error) {
      onProblem(ruleProblem(association, error));
      lost++;
      return undefined;
    }
  };
  for (const association of associations) {
    if (!association.isValid) {
      if (verbose) say("warning", `${association.name} is not valid and not written`);
      continue;
    }
    const dumped = attempt(association);
    if (dumped === undefined) continue;
    const { name, text } = dumped;
    const before = run.written.get(name);
    if (before !== undefined && before !== file) {
      say("error", `${name} of ${file} has the name of one of ${before}; it is not written; use another --path`);
      errors++;
      continue;
    }
    run.written.set(name, file);
    if (!dry) writeText(surroundings, join(folder, name), text);
    if (dry || verbose)
      surroundings.out(`${name}  ${association.registered.name}  ${association.members.length} members\n`);
  }
  if (args.flag("save-orphans") && !dry)
    writeText(surroundings, join(folder, args.value("save-orphans") || "orphaned.csv"), writePool(orphans));
  surroundings.out(
    `${basename(file)}: ${associations.length - lost} associations, ${orphans.length} of ${pool.length} exposures in none\n`,
  );
  return errors === 0;
}
