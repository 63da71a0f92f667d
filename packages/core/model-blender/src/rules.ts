type Value = string | number | boolean;

const TOLERANCE = "outside calibration tolerance";

/** The least or the greatest value; dates and times are texts in ISO 8601, whose order is that of time. */
function extreme(values: readonly Value[], sign: number): Value {
  return values.reduce((a, b) => (Math.sign(Number(b > a) - Number(b < a)) === sign ? b : a));
}

const sum = (values: readonly Value[]): number => values.reduce<number>((a, b) => a + Number(b), 0);

/**
 * One value of those of several exposures.
 * @param rule - rule of the schema; an unknown one takes the first value
 * @param values - at least one
 */
export function blendValues(rule: string, values: readonly Value[]): Value {
  switch (rule) {
    case "multi":
      return values.every((v) => v === values[0]) ? values[0] : "MULTIPLE";
    case "mean":
      return sum(values) / values.length;
    case "sum":
      return sum(values);
    case "min":
    case "mintime":
    case "mindate":
    case "mindatetime":
      return extreme(values, -1);
    case "max":
    case "maxtime":
    case "maxdate":
    case "maxdatetime":
      return extreme(values, 1);
    case "wheeltol":
      return values.includes(TOLERANCE) ? TOLERANCE : "within commanded tolerance";
    default:
      return values[0];
  }
}
