import type { Model, ModelName } from "@calwebb/datamodels";

/** A model of another class with the metadata and the arrays that both know; arrays are shared until one of them is replaced. */
export async function convertModel(model: Model, name: ModelName): Promise<Model> {
  const { createModel, modelInfo } = await import("@calwebb/datamodels");
  const out = createModel(name);
  out.update(model);
  const from = model as unknown as Record<string, unknown>;
  const into = out as unknown as Record<string, unknown>;
  const info = modelInfo(name);
  for (const { name: array } of info.arrays) {
    if (!model.hasArray(array)) continue;
    await model.load(array);
    into[array] = from[array];
  }
  for (const { name: table } of info.tables) {
    if (!model.hasTable(table)) continue;
    await model.load(table);
    into[table] = from[table];
  }
  out.history = [...model.history];
  out.meta.filename = model.meta.filename;
  return out;
}
