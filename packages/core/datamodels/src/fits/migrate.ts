import type { FitsFile } from "@calwebb/fits";
import type { ModelInfo } from "../schema/decode.js";
import { Table, type TableColumn } from "../table.js";
import { isTreeObject, type TreeObject } from "../tree/types.js";

type Migration = (table: Table) => Table;

/** Add columns that older files do not have. @param like - column whose shape the new ones take */
function addColumns(
  names: readonly string[],
  dtype: "float64" | "float32" | "int32",
  value: number,
  like?: string,
): Migration {
  return (table) => {
    const missing = names.filter((name) => !table.has(name));
    if (missing.length === 0) return table;
    const shape = (like === undefined ? undefined : table.column(like)?.shape) ?? [];
    const count = table.nrows * shape.reduce((a, b) => a * b, 1);
    const made = { float64: Float64Array, float32: Float32Array, int32: Int32Array }[dtype];
    const added = missing.map(
      (name): TableColumn => ({ name, dtype, shape, variable: false, data: new made(count).fill(value) }),
    );
    return new Table(table.nrows, [...table.columns, ...added]);
  };
}

const fastVariation = addColumns(["error"], "float32", Number.NaN, "wavelength");

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  // Moving-target tables before build 11.1 have no V2 and V3.
  "Level1bModel:MOVING_TARGET_POSITION": addColumns(["mt_v2", "mt_v3"], "float64", Number.NaN),
  // Without a number for the first integration; -1 lets the step say so.
  "RSCDModel:RSCD_GROUP_SKIP": addColumns(["group_skip1"], "int32", -1),
  "NirspecFlatModel:FAST_VARIATION": fastVariation,
  "NirspecQuadFlatModel:FAST_VARIATION": fastVariation,
};

/** How a table of an older layout is brought to the present one. */
export function migrationOf(model: string, hdu: string): Migration | undefined {
  return MIGRATIONS[`${model}:${hdu}`];
}

/** Bring the keywords of older files to their present places. */
export function migrateTree(info: ModelInfo, tree: TreeObject, file: FitsFile): void {
  if (info.name !== "SpecPsfModel" || !Array.isArray(tree.apertures)) return;
  // Files with a single PSF described it in the primary header.
  const schema = info.root.child("apertures");
  const primary = file.hdus[0].header;
  if (schema?.kind !== "list") return;
  for (const item of tree.apertures) {
    if (!isTreeObject(item)) continue;
    for (const name of schema.item.names) {
      const leaf = schema.item.child(name);
      if (leaf?.kind !== "leaf" || leaf.keyword === undefined || item[name] !== undefined) continue;
      const value = primary.get(leaf.keyword);
      if (typeof value === "string" || typeof value === "number") item[name] = value;
      else if (leaf.keyword === "APERTURE") item[name] = "ANY";
    }
  }
}
