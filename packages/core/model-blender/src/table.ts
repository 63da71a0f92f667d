import { type BlendRule, Table } from "@calwebb/datamodels";

type Value = string | number | boolean;
type Column = Table["columns"][number];
/** Width of a column that holds texts beside missing values. */
const MIXED_WIDTH = 32;

/** A column of the table of inputs, and its type in words of the schema. */
interface Made {
  readonly column: Column;
  readonly datatype: string | readonly [string, number];
}

const text = (v: Value | undefined): string => (v === undefined ? "nan" : String(v));

/** Missing values are NaN; a whole number or a truth value beside one becomes a real number, a text "nan" stands beside texts. */
function makeColumn(name: string, type: string, values: readonly (Value | undefined)[]): Made {
  const known = values.filter((v) => v !== undefined);
  const base = { name, shape: [], variable: false };
  const complete = known.length === values.length;
  if (known.some((v) => typeof v === "string")) {
    const data = values.map(text);
    const plain = known.every((v) => typeof v === "string");
    const width = Math.max(1, ...data.map((t) => t.length), complete && plain ? 0 : MIXED_WIDTH);
    return { column: { ...base, dtype: "string", width, data }, datatype: ["ascii", width] };
  }
  if (complete && known.every((v) => typeof v === "boolean"))
    return { column: { ...base, dtype: "bool8", data: Uint8Array.from(known, Number) }, datatype: "bool8" };
  const whole = complete && !type.includes("number") && known.every((v) => Number.isInteger(Number(v)));
  if (whole)
    return {
      column: { ...base, dtype: "int64", data: BigInt64Array.from(known, (v) => BigInt(Number(v))) },
      datatype: "int64",
    };
  const data = Float64Array.from(values, (v) => (v === undefined ? Number.NaN : Number(v)));
  return { column: { ...base, dtype: "float64", data }, datatype: "float64" };
}

/**
 * The table of inputs: one row for each exposure, one column for each keyword that at least one of them has.
 * @param rules - what goes into the table, in the order of the columns
 * @param rows - values by path of each exposure
 * @returns the table and the schema entry that lets a model keep it
 */
export function inputTable(
  rules: readonly BlendRule[],
  rows: readonly ReadonlyMap<string, Value>[],
): { table: Table; schema: Record<string, unknown> } {
  const made: Made[] = [];
  for (const rule of rules) {
    const values = rows.map((row) => row.get(rule.path));
    if (values.some((v) => v !== undefined)) made.push(makeColumn(rule.keyword ?? rule.path, rule.type, values));
  }
  return {
    table: new Table(
      rows.length,
      made.map((m) => m.column),
    ),
    schema: {
      title: "Combined header table",
      fits_hdu: "HDRTAB",
      datatype: made.map((m) => ({ name: m.column.name, datatype: m.datatype })),
    },
  };
}
