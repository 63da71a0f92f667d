import type { EcsvColumn, EcsvTable, EcsvType, EcsvValue, SkyColumn } from "./types.js";
import { flow, scalar } from "./yaml.js";

const isSky = (column: EcsvColumn | SkyColumn): column is SkyColumn => "ra" in column;

/** Shortest text that gives the same float32 again. */
function text32(value: number): string {
  const exact = Math.fround(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(exact.toPrecision(digits));
    if (Math.fround(text) === exact) return String(text);
  }
  return String(Number(exact.toPrecision(9)));
}

function cell(value: EcsvValue, type: EcsvType): string {
  if (value === undefined) return type === "object" ? "null" : '""';
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string")
    return value === "" || /[\s"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (type === "bool") return value !== 0 ? "True" : "False";
  if (type === "float32") return text32(value);
  return Object.is(value, -0) ? "-0.0" : String(value);
}

function describe(column: EcsvColumn): string {
  const parts = [`name: ${scalar(column.name)}`];
  if (column.unit !== undefined && column.unit !== "") parts.push(`unit: ${scalar(column.unit)}`);
  parts.push(`datatype: ${column.type === "object" ? "string" : column.type}`);
  if (column.format !== undefined) parts.push(`format: ${scalar(column.format)}`);
  if (column.description !== undefined) parts.push(`description: ${scalar(column.description)}`);
  if (column.type === "object") parts.push("subtype: json");
  return `- {${parts.join(", ")}}`;
}

/** The two columns of a sky position. */
function split(column: EcsvColumn | SkyColumn): EcsvColumn[] {
  if (!isSky(column)) return [column];
  const part = (name: "ra" | "dec"): EcsvColumn => ({
    name: `${column.name}.${name}`,
    type: "float64",
    unit: "deg",
    values: column[name],
  });
  return [part("ra"), part("dec")];
}

function serializedSky(column: SkyColumn): string[] {
  const info = column.description === undefined ? [] : [`      __info__: {description: ${scalar(column.description)}}`];
  const part = (axis: string, cls: string, more: string[]): string[] => [
    `      ${axis}: !astropy.table.SerializedColumn`,
    `        __class__: astropy.coordinates.angles.core.${cls}`,
    "        unit: !astropy.units.Unit {unit: deg}",
    `        value: !astropy.table.SerializedColumn {name: ${scalar(`${column.name}.${axis}`)}}`,
    ...more,
  ];
  return [
    `    ${scalar(column.name)}:`,
    "      __class__: astropy.coordinates.sky_coordinate.SkyCoord",
    ...info,
    ...part("dec", "Latitude", []),
    "      frame: icrs",
    ...part("ra", "Longitude", [
      "        wrap_angle: !astropy.coordinates.Angle",
      "          unit: !astropy.units.Unit {unit: deg}",
      "          value: 360.0",
    ]),
    "      representation_type: spherical",
  ];
}

/** How astropy makes quantities and sky coordinates of plain columns again. */
function serialized(columns: readonly (EcsvColumn | SkyColumn)[]): string[] {
  const lines: string[] = [];
  const sorted = [...columns].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const column of sorted) {
    if (isSky(column)) lines.push(...serializedSky(column));
    else if (column.unit !== undefined)
      lines.push(
        `    ${scalar(column.name)}:`,
        "      __class__: astropy.units.quantity.Quantity",
        `      unit: !astropy.units.Unit {unit: ${column.unit === "" ? "''" : scalar(column.unit)}}`,
        `      value: !astropy.table.SerializedColumn {name: ${scalar(column.name)}}`,
      );
  }
  return lines.length > 0 ? ["- __serialized_columns__:", ...lines] : [];
}

/**
 * A table as ECSV 1.0 text (APE 6) that astropy reads as a QTable. Numbers keep all their digits.
 * @throws {RangeError} when columns differ in length
 */
export function writeEcsv(table: EcsvTable): string {
  const plain = table.columns.flatMap(split);
  const rows = plain[0]?.values.length ?? 0;
  for (const { name, values } of plain)
    if (values.length !== rows) throw new RangeError(`column ${name} has ${values.length} values, not ${rows}`);
  const meta = [
    ...Object.entries(table.meta ?? {}).map(([key, value]) => `- {${scalar(key)}: ${flow(value)}}`),
    ...serialized(table.columns),
  ];
  const header = [
    "%ECSV 1.0",
    "---",
    "datatype:",
    ...plain.map(describe),
    ...(meta.length > 0 ? ["meta: !!omap", ...meta] : []),
    "schema: astropy-2.0",
  ];
  const lines = header.map((line) => `# ${line}`);
  lines.push(plain.map(({ name }) => cell(name, "string")).join(" "));
  for (let i = 0; i < rows; i++) lines.push(plain.map(({ values, type }) => cell(values[i], type)).join(" "));
  return `${lines.join("\n")}\n`;
}
