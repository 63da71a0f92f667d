import type { Param, Step } from "@calwebb/stpipe";
import { type ProgramOption, runOptions } from "./options.js";

const WIDTH = 34;

function row(left: string, right: string): string {
  return left.length < WIDTH - 1 ? `  ${left.padEnd(WIDTH)}${right}` : `  ${left}\n  ${" ".repeat(WIDTH)}${right}`;
}

function optionRow({ name, short, value, help }: ProgramOption): string {
  return row(`${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`, help);
}

/** A value as it is shown in help: lists with commas, null as None. */
function shown(value: unknown): string {
  if (value === null) return "None";
  if (Array.isArray(value)) return value.map(shown).join(",");
  return typeof value === "boolean" ? (value ? "True" : "False") : String(value);
}

function details(param: Param): string {
  const parts: string[] = [];
  if (param.options) parts.push(param.options.map(shown).join("|"));
  if (param.min !== undefined && param.max !== undefined) parts.push(`${param.min} to ${param.max}`);
  else if (param.min !== undefined) parts.push(`at least ${param.min}`);
  else if (param.max !== undefined) parts.push(`at most ${param.max}`);
  const empty =
    param.default === null || param.default === "" || (Array.isArray(param.default) && !param.default.length);
  if (!empty) parts.push(`default ${shown(param.default)}`);
  return parts.length > 0 ? ` [${parts.join("; ")}]` : "";
}

function parameterRows(step: Step, prefix: string): string[] {
  return Object.entries(step.allParameters).map(([name, param]) =>
    row(`--${prefix}${name}`, param.help + details(param)),
  );
}

/** Help of one step or pipeline: what it does and every parameter, those of its steps too. */
export function stepHelp(step: Step, program: string): string {
  const lines = [
    `usage: ${program} ${step.alias} ${step.positional?.join(" ").toUpperCase() ?? "INPUT..."} [--PARAMETER=VALUE ...]`,
    "",
    `${step.className} (${step.classPath})`,
    ...(step.description ? [step.description] : []),
    "",
    "parameters:",
    ...parameterRows(step, ""),
  ];
  for (const [alias, child] of Object.entries(step.steps)) {
    lines.push("", `parameters of ${alias}${child.description ? ` (${child.description})` : ""}:`);
    lines.push(...parameterRows(child, `steps.${alias}.`));
    lines.push(row(`--steps.${alias}.config_file`, "Configuration file of this step"));
  }
  lines.push("", "options:", ...runOptions.map(optionRow));
  return `${lines.join("\n")}\n`;
}

/** Help without a step. */
export function generalHelp(program: string): string {
  return `${[
    `usage: ${program} STEP INPUT... [--PARAMETER=VALUE ...]`,
    "",
    "Run a calibration step or pipeline. STEP is an alias (jump, calwebb_detector1), a class path (jwst.jump.JumpStep),",
    "or a configuration file (.cfg, parameter ASDF). Products are named after the input.",
    "",
    `Parameters of a step: ${program} STEP -h. All steps: calwebb list.`,
    'Values: 1.5  true  None  20,20  20, (a list of one)  "text, with a comma"',
    "",
    "options:",
    ...runOptions.map(optionRow),
    "",
    "exit status: 0 done, 1 failed, 2 wrong usage, 64 no data on the detector",
  ].join("\n")}\n`;
}
