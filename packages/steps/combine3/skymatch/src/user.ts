import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { removeSuffix } from "@calwebb/stpipe";

/** Name of an exposure without folder, extension and suffix. */
function rootOf(file: string): string {
  const name = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
  const dot = name.lastIndexOf(".");
  return removeSuffix(dot > 0 ? name.slice(0, dot) : name)[0];
}

/**
 * Values of sky that a list gives: one line NAME VALUE for each exposure, further words do not count; `#` begins a comment. Values are float32.
 * @returns values in the order of the models
 * @throws {ValidationError} for lines that are not understood, and for exposures that are missing or named twice
 */
export function readSkyList(text: string, models: readonly Model[], file: string): number[] {
  const entries = text
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .map((line) => {
      const parts = line.split(/\s+/);
      const value = Number(parts[1]);
      if (parts.length < 2 || Number.isNaN(value))
        throw new ValidationError(`${file}: "${line}" is not the name of an exposure and its sky`, { file, got: line });
      return { root: rootOf(parts[0]), value: Math.fround(value) };
    });
  if (entries.length !== models.length)
    throw new ValidationError(`${file} has the sky of ${entries.length} exposures, there are ${models.length}`, {
      file,
      got: String(entries.length),
      wanted: String(models.length),
    });
  return models.map((model) => {
    const name = model.meta.filename ?? "";
    const found = entries.filter((e) => e.root === rootOf(name));
    if (found.length !== 1)
      throw new ValidationError(
        `${file} names ${name || "an exposure without a name"} ${found.length} times, not once`,
        {
          file,
          where: name,
        },
      );
    return found[0].value;
  });
}
