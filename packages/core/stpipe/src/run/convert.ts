import type { Model, ModelName } from "@calwebb/datamodels";

/** A model of another class with the metadata, arrays and tables that both know. The arrays are shared with the first model. */
export async function convertModel(model: Model, name: ModelName): Promise<Model> {
  const { createModel, modelInfo } = await import("@calwebb/datamodels");
  const out = createModel(name);
  out.update(model);
  const from = model as unknown as Record<string, unknown>;
  const into = out as unknown as Record<string, unknown>;
  const root = modelInfo(name)?.root;
  for (const member of root?.names ?? []) {
    const kind = root?.child(member)?.kind;
    const there = kind === "array" ? model.hasArray(member) : kind === "table" && model.hasTable(member);
    if (!there) continue;
    await model.load(member);
    into[member] = from[member];
  }
  out.history = [...model.history];
  out.meta.filename = model.meta.filename;
  return out;
}
