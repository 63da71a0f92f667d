import { type EcsvText, readEcsv } from "@calwebb/ecsv";
import { compareArrays } from "./compare-array.js";
import { type Tolerances, toleranceOf } from "./tolerance.js";

type Column = EcsvText["columns"][number];

const FLOAT = /^float/;
const INTEGER = /^(u?int|bool)/;
const numbers = ({ values }: Column): number[] => values.map((v) => (v === undefined ? Number.NaN : Number(v)));

function compareColumns(expected: Column, got: Column, product: string, tolerances: Tolerances): string[] {
  const out: string[] = [];
  if ((expected.unit ?? "") !== (got.unit ?? ""))
    out.push(`unit ${got.unit ?? "none"} instead of ${expected.unit ?? "none"}`);
  if (expected.type !== got.type) out.push(`type ${got.type} instead of ${expected.type}`);
  const limits = toleranceOf(tolerances, expected.name.replace(/\.(ra|dec)$/, ""), product);
  if (FLOAT.test(expected.type))
    out.push(...compareArrays(Float64Array.from(numbers(expected)), Float64Array.from(numbers(got)), limits));
  else if (INTEGER.test(expected.type))
    out.push(...compareArrays(Int32Array.from(numbers(expected)), Int32Array.from(numbers(got)), limits));
  else if (JSON.stringify(expected.values) !== JSON.stringify(got.values)) out.push("other texts");
  return out.map((why) => `${expected.name}: ${why}`);
}

/**
 * Differences between a catalog and what it should be: the same columns in the same order, types, units, rows, and values within the
 * limits of the column.
 * @returns sentences that begin with the column, none when the catalogs agree
 */
export function compareEcsv(expected: string, got: string, product: string, tolerances: Tolerances = {}): string[] {
  const [e, g] = [readEcsv(expected, "expected"), readEcsv(got, product)];
  const names = (t: EcsvText): string => t.columns.map((c) => c.name).join(", ");
  if (names(e) !== names(g)) return [`columns ${names(g)} instead of ${names(e)}`];
  if (e.nrows !== g.nrows) return [`${g.nrows} rows instead of ${e.nrows}`];
  return e.columns.flatMap((column, i) => compareColumns(column, g.columns[i], product, tolerances));
}
