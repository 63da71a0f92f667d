import type { Executor } from "@calwebb/array";
import type { Model, ModelContainer, ModelName } from "@calwebb/datamodels";
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

/** Whether a value is a list of models with an association, of any installed copy of the package. */
export function isContainer(value: unknown): value is ModelContainer {
  return (
    typeof value === "object" &&
    value !== null &&
    String((value as Partial<ModelContainer>).modelType).endsWith("ModelContainer") &&
    Symbol.iterator in value &&
    !("meta" in value)
  );
}

/** Models of a result or an input, whether it is one, a list, a container, or something else. */
export function modelsOf(value: unknown): readonly Model[] {
  if (isModel(value)) return [value];
  if (isContainer(value)) return [...value];
  return Array.isArray(value) ? value.filter(isModel) : [];
}

/**
 * Open a file as a model. The package of models loads when the first file is opened.
 * @param choose - the class to open it as, or what decides after a look at the file; undefined: the file says
 */
export async function openFile(
  { host, executor }: { readonly host: Host; readonly executor?: Executor },
  path: string,
  choose?: ModelName | ((model: Model) => ModelName | undefined),
): Promise<Model> {
  const [{ openModel }, source] = await Promise.all([import("@calwebb/datamodels"), host.open(path)]);
  try {
    if (typeof choose === "string") return await openModel(source, { executor, model: choose });
    const model = await openModel(source, { executor });
    const other = choose?.(model);
    return other ? await openModel(source, { executor, model: other }) : model;
  } catch (cause) {
    await source.close();
    throw cause;
  }
}
