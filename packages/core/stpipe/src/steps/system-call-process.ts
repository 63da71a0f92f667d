import { IoError, isCalwebbError } from "@calwebb/errors";
import type { ProcessOf } from "../step/types.js";
import type { SystemCall } from "./system-call.js";

/** A word that a shell takes as it is. */
const quote = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** The command with its inputs in place; doubled braces stand for themselves. */
export function fillCommand(command: string, inputs: readonly unknown[]): string {
  return command.replace(/\{\{|\}\}|\{(\d+)\}/g, (whole, number: string | undefined) => {
    if (number === undefined) return whole[0];
    const value = inputs[Number(number)];
    if (value === undefined)
      throw new IoError(`the command "${command}" asks for input ${whole}, there are ${inputs.length}`);
    return quote(String(value));
  });
}

/** Run the command and log its output; the input stays as it is. */
export const process: ProcessOf<typeof SystemCall> = async (input, { params, inputs, log, runCommand }) => {
  const command = fillCommand(params.command, inputs);
  const env: Record<string, string> = {};
  for (const item of params.env) {
    const equals = item.indexOf("=");
    env[equals < 0 ? item : item.slice(0, equals)] = equals < 0 ? "" : item.slice(equals + 1);
  }
  log.info(`Running ${command}`);
  let status: number;
  try {
    const result = await runCommand(command, env);
    status = result.status;
    if (params.log_stdout && result.stdout) log.info(`Output: ${result.stdout.trimEnd()}`);
    if (params.log_stderr && result.stderr) log.info(`Error stream: ${result.stderr.trimEnd()}`);
  } catch (error) {
    if (params.failure_as_exception || isCalwebbError(error, "Cancelled")) throw error;
    log.warn(`${command} could not be run: ${String(error)}`);
    return input;
  }
  if (status !== 0 && params.exitcode_as_exception) throw new IoError(`${command} ended with status ${status}`);
  return input;
};
