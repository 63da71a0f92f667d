import { ValidationError } from "@calwebb/errors";
import type { EcsvColumn, EcsvType, EcsvValue } from "./types.js";

/** A table as read. */
export interface EcsvText {
  columns: (EcsvColumn & { values: EcsvValue[] })[];
  nrows: number;
}

/** Value of a key in a YAML mapping of scalars, in flow or block style. */
function entry(text: string, key: string): string | undefined {
  const found = new RegExp(`(?:^|[{,\\s])${key}: *(?:"((?:[^"\\\\]|\\\\.)*)"|'((?:[^']|'')*)'|([^,}\\n]*))`).exec(text);
  if (!found) return undefined;
  const [, double, single, plain] = found;
  if (double !== undefined) return JSON.parse(`"${double}"`) as string;
  return single !== undefined ? single.replaceAll("''", "'") : plain.trim();
}

/** Descriptions of columns in the header. */
function describedColumns(header: readonly string[]): Map<string, { type: EcsvType; unit: string | undefined }> {
  const out = new Map<string, { type: EcsvType; unit: string | undefined }>();
  const start = header.indexOf("datatype:");
  const blocks: string[] = [];
  for (let i = start + 1; start >= 0 && i < header.length && /^[-\s]/.test(header[i]); i++) {
    if (header[i].startsWith("-")) blocks.push(header[i].slice(1));
    else blocks[blocks.length - 1] += `\n${header[i]}`;
  }
  for (const block of blocks) {
    const name = entry(block, "name");
    if (name !== undefined)
      out.set(name, { type: (entry(block, "datatype") ?? "string") as EcsvType, unit: entry(block, "unit") });
  }
  return out;
}

/** Words of a line; words with blanks stand in double quotes. */
function words(line: string, delimiter: string): string[] {
  const out: string[] = [];
  const gap = delimiter === "," ? "," : "\\s+";
  const word = new RegExp(`\\s*(?:"((?:[^"]|"")*)"|([^${delimiter === "," ? "," : "\\s"}]*))\\s*(?:${gap}|$)`, "y");
  while (word.lastIndex < line.length) {
    const found = word.exec(line);
    if (!found || found[0] === "") break;
    out.push(found[1] !== undefined ? found[1].replaceAll('""', '"') : found[2]);
  }
  return out;
}

function parsed(text: string, type: EcsvType): EcsvValue {
  if (type === "string") return text;
  if (text === "") return undefined;
  if (type === "bool") return text === "True" || text === "1";
  if (/^[+-]?inf/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text);
}

/**
 * Read a table in ECSV format, or one with a plain header line in place of the ECSV header (numbers where every value is one).
 * @throws {ValidationError} when there is no line of names, or a row has another number of values
 */
export function readEcsv(text: string, name = "the table"): EcsvText {
  const lines = text.split(/\r?\n/);
  const header = lines.filter((l) => l.startsWith("#")).map((l) => l.slice(1).replace(/^ /, ""));
  const body = lines.filter((l) => !l.startsWith("#") && l.trim() !== "");
  if (body.length === 0)
    throw new ValidationError(`${name} is no table: it has no line of column names`, { file: name });
  const delimiter =
    header.some((l) => /^delimiter: *['"]?,/.test(l)) || (!/\s/.test(body[0].trim()) && body[0].includes(","))
      ? ","
      : " ";
  const described = describedColumns(header);
  const names = words(body[0].trim(), delimiter);
  const rows = body.slice(1).map((line) => words(line.trim(), delimiter));
  for (const [i, row] of rows.entries())
    if (row.length !== names.length)
      throw new ValidationError(`row ${i + 1} of ${name} has ${row.length} values, not ${names.length}`, {
        file: name,
      });
  const columns = names.map((column, k) => {
    const numeric = rows.every((row) => row[k] === "" || /^nan$/i.test(row[k]) || Number.isFinite(Number(row[k])));
    const { type, unit } = described.get(column) ?? { type: numeric ? "float64" : "string", unit: undefined };
    return {
      name: column,
      type: type as EcsvType,
      ...(unit === undefined ? {} : { unit }),
      values: rows.map((row) => parsed(row[k], type as EcsvType)),
    };
  });
  return { columns, nrows: rows.length };
}
