import { type DType, NdArray, type TypedArray } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import type { ColumnSchema, TableSchema } from "../schema/decode.js";
import { isTable, Table, type TableColumn } from "../table.js";
import { convert, dtypeOfSchema } from "./cast.js";

/** Width of the strings of a column, undefined when it holds something else. */
export function stringWidth(schema: ColumnSchema): number | undefined {
  const match = /^(?:ascii|ucs4):(\d+)$/.exec(schema.datatype);
  return match === null ? undefined : Number(match[1]);
}

/** Element type of a column. FITS tables have no signed bytes: what the schemas call int8 are the logical values T and F. */
function columnType(schema: ColumnSchema): DType {
  const dtype = dtypeOfSchema(schema.datatype);
  return dtype === "int8" ? "bool8" : dtype;
}

function castColumn(column: TableColumn, schema: ColumnSchema, nrows: number, path: string): TableColumn {
  const width = stringWidth(schema);
  const dims = column.shape.length;
  // Tables without rows do not show the shape of their values.
  if (nrows > 0 && (dims !== (schema.ndim ?? dims) || dims > (schema.maxNdim ?? dims)))
    throw new ValidationError(`${path}: values of column ${schema.name} have ${dims} dimensions`, { where: path });
  const base = { name: schema.name, unit: column.unit, shape: column.shape, variable: column.variable };
  if (width !== undefined) {
    const strings = column.dtype === "string";
    const data = strings ? column.data : Array.from(column.data as ArrayLike<unknown>, String);
    // A variable number of characters is not a fixed-width field; strings that are too long are cut, as a cast does.
    const cut = (data as string[]).some((s) => s.length > width)
      ? (data as string[]).map((s) => s.slice(0, width))
      : data;
    const count = strings ? column.shape.reduce((a, b) => a * b, 1) : 1;
    return { ...base, dtype: "string", tform: `${count * width}A`, data: cut as string[] };
  }
  const wanted = columnType(schema);
  if (column.variable || column.dtype === wanted) return { ...base, dtype: column.dtype, data: column.data };
  if (column.dtype === "string" || Array.isArray(column.data)) {
    const numbers = Float64Array.from(column.data as string[], (s) => (s.trim() === "" ? Number.NaN : Number(s)));
    if (numbers.some((x, i) => Number.isNaN(x) && (column.data as string[])[i].trim() !== ""))
      throw new ValidationError(`${path}: column ${schema.name} holds strings, wanted ${wanted}`, { where: path });
    return { ...base, dtype: wanted, data: convert(numbers, wanted) };
  }
  const data = convert(column.data as TypedArray, wanted as DType);
  const perRow = nrows === 0 ? 0 : data.length / nrows;
  const shape = column.dtype === "bit" && column.shape.length === 0 && perRow > 1 ? [perRow] : column.shape;
  return { ...base, shape, dtype: wanted, data };
}

function match(
  columns: readonly TableColumn[],
  schemas: readonly ColumnSchema[],
  extra: boolean,
): TableColumn[] | undefined {
  const names = new Map(columns.map((c, i) => [c.name.toLowerCase(), i]));
  const order: TableColumn[] = [];
  for (const schema of schemas) {
    const at = names.get(schema.name?.toLowerCase());
    if (at === undefined) return undefined;
    order.push(columns[at]);
  }
  if (order.length === columns.length) return order;
  if (!extra) return undefined;
  return [...order, ...columns.filter((c) => !order.includes(c))];
}

/**
 * A table with the schema's columns: names spelled, ordered and typed as the schema says. Names may differ in case.
 * @throws {ValidationError} when it is no table, or columns are missing or too many
 */
export function castTable(path: string, value: unknown, schema: TableSchema): Table {
  if (!isTable(value)) throw new ValidationError(`${path}: wanted a table, got ${typeof value}`, { where: path });
  // A schema with alternatives leaves the columns as they are.
  if (schema.alternatives.length > 0) return value;
  const order = match(value.columns, schema.columns, schema.extraColumns);
  if (order === undefined) {
    const have = new Set(value.columns.map((c) => c.name.toLowerCase()));
    const want = new Set(schema.columns.map((c) => c.name.toLowerCase()));
    const missing = [...want].filter((n) => !have.has(n));
    const surplus = [...have].filter((n) => !want.has(n));
    const parts = [
      missing.length > 0 ? `missing ${missing.join(", ")}` : "",
      surplus.length > 0 ? `not in the schema ${surplus.join(", ")}` : "",
    ];
    throw new ValidationError(`${path}: columns do not match the schema: ${parts.filter(Boolean).join("; ")}`, {
      where: path,
      got: [...have].join(", "),
      wanted: [...want].join(", "),
    });
  }
  const columns = order.map((column, i) => {
    const wanted = schema.columns[i];
    return wanted === undefined ? column : castColumn(column, wanted, value.nrows, path);
  });
  return new Table(value.nrows, columns);
}

/** A table of the schema's columns with `nrows` rows of the schema's defaults (0, "", or what the schema says). */
export function emptyTable(schema: TableSchema, nrows: number): Table {
  const columns = schema.columns.map((c, i): TableColumn => {
    const width = stringWidth(c);
    const count = (c.shape ?? []).reduce((a, b) => a * b, 1);
    const fill = schema.default?.[i];
    const base = { name: c.name, unit: c.unit, shape: c.shape ?? [], variable: false };
    if (width !== undefined)
      return {
        ...base,
        dtype: "string",
        tform: `${width * count}A`,
        data: new Array<string>(nrows * count).fill(String(fill ?? "")),
      };
    const dtype = columnType(c);
    const data = convert(new Uint8Array(nrows * count), dtype);
    if (fill !== undefined) data.fill((fill === "NaN" ? Number.NaN : fill) as never);
    return { ...base, dtype, data: new NdArray(data, [data.length]).data };
  });
  return new Table(nrows, columns);
}
