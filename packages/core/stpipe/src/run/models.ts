import type { Model, ModelName } from "@calwebb/datamodels";
import type { Host } from "../host/types.js";

/** Whether a value is a data model, of any installed copy of the package. */
export function isModel(value: unknown): value is Model {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<Model>).modelType === "string" &&
    "meta" in value &&
    typeof (value as Partial<Model>).get === "function"
  );
}

/** Models of a result or an input, whether it is one, a list, or something else. */
export function modelsOf(value: unknown): readonly Model[] {
  if (isModel(value)) return [value];
  return Array.isArray(value) ? value.filter(isModel) : [];
}

/**
 * Open a file as a model. The package of models loads when the first file is opened.
 * @param choose - the class to open it as, or what decides after a look at the file; undefined: the file says
 */
export async function openFile(
  host: Host,
  path: string,
  choose?: ModelName | ((model: Model) => ModelName | undefined),
): Promise<Model> {
  const [{ openModel }, source] = await Promise.all([import("@calwebb/datamodels"), host.open(path)]);
  try {
    if (typeof choose === "string") return await openModel(source, { model: choose });
    const model = await openModel(source);
    const other = choose?.(model);
    return other ? await openModel(source, { model: other }) : model;
  } catch (cause) {
    await source.close();
    throw cause;
  }
}
