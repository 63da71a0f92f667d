import { UsageError } from "@calwebb/errors";
import { suggest } from "@calwebb/stpipe";
import { type ProgramOption, runOptions } from "./options.js";

/** A command line taken apart; nothing is checked against a step yet. */
export interface RunArgs {
  /** Step, pipeline or configuration file. */
  readonly target: string | undefined;
  readonly inputs: readonly string[];
  /** `--name=value` and `--steps.jump.name=value`, in their order, as written. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Options of the program; `true` for those without a value. */
  readonly options: Readonly<Record<string, string | true>>;
  readonly plugins: readonly string[];
}

const NEGATIVE_NUMBER = /^-\.?\d/;

/** @throws {UsageError} for an option without its value */
function takeValue(name: string, inline: string | undefined, argv: readonly string[], next: number): [string, number] {
  if (inline !== undefined) return [inline, next];
  const following = argv[next];
  if (following === undefined || (following.startsWith("-") && following !== "-" && !NEGATIVE_NUMBER.test(following)))
    throw new UsageError(`--${name} needs a value: --${name}=VALUE`, { where: name });
  return [following, next + 1];
}

/**
 * Take a command line apart: `TARGET INPUT... --param=value --param value --steps.alias.param=value` and the options of the program.
 * @param known - options of the program
 * @throws {UsageError} for an option without its value, or a value where there is none
 */
export function parseArgs(argv: readonly string[], known: readonly ProgramOption[] = runOptions): RunArgs {
  const byName = new Map(known.map((o) => [o.name, o]));
  const byShort = new Map(known.filter((o) => o.short).map((o) => [o.short, o]));
  const positional: string[] = [];
  const parameters: [string, string][] = [];
  const options: Record<string, string | true> = {};
  const plugins: string[] = [];
  for (let i = 0; i < argv.length; ) {
    const arg = argv[i++];
    if (arg === "--") {
      positional.push(...argv.slice(i));
      break;
    }
    if (!arg.startsWith("-") || arg === "-" || NEGATIVE_NUMBER.test(arg)) {
      positional.push(arg);
      continue;
    }
    if (!arg.startsWith("--")) {
      const option = byShort.get(arg.slice(1));
      if (!option) throw new UsageError(`there is no option ${arg}; parameters start with two dashes`, { got: arg });
      options[option.name] = true;
      continue;
    }
    const equals = arg.indexOf("=");
    const name = arg.slice(2, equals < 0 ? undefined : equals);
    const inline = equals < 0 ? undefined : arg.slice(equals + 1);
    const option = byName.get(name);
    if (option && option.value === undefined) {
      if (inline !== undefined)
        throw new UsageError(`--${name} takes no value, got ${inline}`, { where: name, got: inline });
      options[name] = true;
      continue;
    }
    const near = option || name.includes(".") ? undefined : closeOption(name, byName);
    if (!option && inline === undefined && near && byName.get(near)?.value === undefined)
      throw new UsageError(`there is no option --${name}; did you mean --${near}?`, { where: name });
    const [value, next] = takeValue(name, inline, argv, i);
    i = next;
    if (!option) parameters.push([name, value]);
    else if (name === "plugin") plugins.push(value);
    else options[name] = value;
  }
  const [target, ...inputs] = positional;
  return { target, inputs, parameters, options, plugins };
}

function closeOption(name: string, known: ReadonlyMap<string, ProgramOption>): string | undefined {
  return suggest(name, known.keys());
}

/** Bytes of a size as people write it: `512M`, `4GB`, `1.5G`, `2000000`. @throws {UsageError} */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(text.trim());
  const bytes = match ? Number(match[1]) * 1024 ** " kmgt".indexOf(match[2].toLowerCase() || " ") : 0;
  if (!(bytes >= 1))
    throw new UsageError(`--max-memory: got "${text}", wanted a size such as 800M or 4G`, { got: text });
  return Math.floor(bytes);
}

/** A whole number of workers. @throws {UsageError} */
export function parseCores(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1 || n > 1024)
    throw new UsageError(`--cores: got "${text}", wanted a whole number from 1`, { got: text });
  return n;
}
