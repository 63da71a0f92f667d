import { AsdfFormatError, type ErrorFields } from "@calwebb/errors";

/** An error about the file being read: what was found and what was wanted. */
export function formatError(file: string, problem: string, fields?: Omit<ErrorFields, "file">): AsdfFormatError {
  return new AsdfFormatError(`${file}: ${problem}`, { file, ...fields });
}
