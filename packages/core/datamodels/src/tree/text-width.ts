import type { TableColumn } from "../table.js";

/** Characters that each string of a column may have, as its format says; undefined for columns that do not say or hold no strings. */
export function textWidth(column: TableColumn): number | undefined {
  if (column.dtype !== "string" || column.variable) return undefined;
  const total = Number(/^(\d+)A/.exec(column.tform ?? "")?.[1] ?? 0);
  const count = column.shape.reduce((a, b) => a * b, 1);
  return total > 0 && count > 0 ? total / count : undefined;
}

/** Length of the longest string of a column, at least 1. */
export const longestText = (column: TableColumn): number =>
  (column.data as string[]).reduce((width, s) => Math.max(width, s.length), 1);
