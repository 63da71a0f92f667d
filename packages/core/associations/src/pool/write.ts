import type { AssociationPool } from "./pool.js";

/** A pool as text that {@link readPool} reads again. */
export function writePool(pool: AssociationPool, delimiter = "|"): string {
  const quote = (value: string): string =>
    value.includes(delimiter) || value.includes('"') ? `"${value.replaceAll('"', '""')}"` : value;
  const lines = [pool.columns.join(delimiter)];
  for (const row of pool.rows) lines.push(pool.columns.map((c) => quote(row.get(c) ?? "null")).join(delimiter));
  return `${lines.join("\n")}\n`;
}
