import type { DataModel } from "./data-model.js";
import { leafProblem } from "./schema/check.js";
import type { SchemaNode } from "./schema/decode.js";
import { isTreeObject, type TreeObject } from "./tree/types.js";

const REQUIRED = ["description", "reftype", "author", "pedigree", "useafter", "instrument.name"] as const;

/** Everything in a model that does not fit its schema, and for reference files the required metadata that is missing. */
export function problemsOf(model: DataModel): string[] {
  const out: string[] = [];
  if (model.modelInfo.reference) {
    const missing: string[] = REQUIRED.filter((path) => !model.has(`meta.${path}`));
    if (model.get("meta.telescope") !== "JWST") missing.push("telescope");
    if (missing.length > 0) out.push(`metadata required of a reference file is missing: ${missing.join(", ")}`);
  }
  const visit = (tree: TreeObject, schema: SchemaNode | undefined, prefix: string): void => {
    if (schema?.kind !== "object") return;
    for (const name of Object.keys(tree)) {
      const value = tree[name];
      const child = schema.child(name);
      if (child === undefined || value === undefined || value === null) continue;
      const path = prefix + name;
      if (child.kind === "leaf") {
        const problem = leafProblem(path, value, child);
        if (problem !== undefined) out.push(problem);
      } else if (child.kind === "object" && isTreeObject(value)) visit(value, child, `${path}.`);
      else if (child.kind === "list" && Array.isArray(value))
        value.forEach((item, i) => {
          if (isTreeObject(item)) visit(item, child.item, `${path}.${i}.`);
        });
    }
  };
  visit(model.tree, model.modelInfo.root, "");
  return out;
}
