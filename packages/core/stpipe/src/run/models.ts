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

/** Open a file as a model. The package of models loads when the first file is opened. */
export async function openFile(host: Host, path: string, model?: ModelName): Promise<Model> {
  const [{ openModel }, source] = await Promise.all([import("@calwebb/datamodels"), host.open(path)]);
  try {
    return await openModel(source, model ? { model } : {});
  } catch (cause) {
    await source.close();
    throw cause;
  }
}
