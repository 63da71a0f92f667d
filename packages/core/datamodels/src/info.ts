import type { DataModel } from "./data-model.js";
import type { SchemaNode } from "./schema/decode.js";
import { isTable } from "./table.js";
import { isCell, isNdArray, isTreeObject, type TreeObject } from "./tree/types.js";

/** A table of the arrays and tables that a model holds: path, element type, shape, HDU. */
export function describeContent(model: DataModel): string {
  const rows: [string, string, string, string][] = [];
  const visit = (tree: TreeObject, schema: SchemaNode | undefined, prefix: string): void => {
    for (const name of Object.keys(tree)) {
      const value = tree[name];
      const child = schema?.kind === "object" ? schema.child(name) : undefined;
      const path = prefix + name;
      const hdu = child?.kind === "array" || child?.kind === "table" ? child.hdu : "";
      if (isCell(value))
        rows.push([
          path,
          value.isTable ? "table" : child?.kind === "array" ? child.datatype : "array",
          (value.shape ?? []).join(" x "),
          hdu,
        ]);
      else if (isNdArray(value))
        rows.push([path, child?.kind === "array" ? child.datatype : value.dtype, value.shape.join(" x "), hdu]);
      else if (isTable(value)) rows.push([path, "table", `${value.nrows} rows`, hdu]);
      else if (isTreeObject(value)) visit(value, child, `${path}.`);
      else if (Array.isArray(value))
        value.forEach((item, i) => {
          if (isTreeObject(item)) visit(item, child?.kind === "list" ? child.item : undefined, `${path}.${i}.`);
        });
    }
  };
  visit(model.tree, model.modelInfo.root, "");
  const widths = [0, 1, 2].map((k) => Math.max(0, ...rows.map((r) => r[k].length)));
  const lines = rows.map((r) =>
    r
      .map((cell, k) => cell.padEnd(widths[k] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const from = model.origin ? ` from ${model.origin.name}` : "";
  return [`${model.modelType}${from}`, ...lines.map((l) => `  ${l}`)].join("\n");
}
