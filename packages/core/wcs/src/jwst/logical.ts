import { ValidationError } from "@calwebb/errors";
import { FormulaTransform, type Kernel, ownMembers, unary } from "../transforms/formula-transform.js";
import { type Members, numbersOf } from "../transforms/node.js";
import type { Transform } from "../transforms/transform.js";

/** Conditions; none of them holds for NaN. */
const CONDITIONS = {
  GT: (x: number, c: number) => x > c,
  LT: (x: number, c: number) => x < c,
  EQ: (x: number, c: number) => x === c,
  NE: (x: number, c: number) => !Number.isNaN(x) && x !== c,
} as const;

/**
 * Replace numbers that fulfil a condition; NaN stays. `condition` is GT, LT, EQ or NE, `compareto` and `value` are two numbers, or two
 * arrays of one shape: then as many numbers (in row-major order) have to be evaluated, each with its own element.
 * @returns undefined for another condition or arrays of different shapes
 */
export function logical(members: Members): Transform | undefined {
  const name = String(members.condition).toUpperCase() as keyof typeof CONDITIONS;
  const compare = numbersOf(members.compareto);
  const value = numbersOf(members.value);
  if (!Object.hasOwn(CONDITIONS, name) || !compare || !value || `${compare.shape}` !== `${value.shape}`)
    return undefined;
  const test = CONDITIONS[name];
  const [c, v] = [compare.data[0], value.data[0]];
  return new FormulaTransform({
    tag: "tag:stsci.edu:jwst_pipeline/logical-1.2.0",
    members: ownMembers(members),
    inputs: ["x"],
    outputs: ["x"],
    kernel:
      compare.shape.length === 0 ? unary((x) => (test(x, c) ? v : x)) : eachWithItsOwn(test, compare.data, value.data),
  });
}

function eachWithItsOwn(test: (x: number, c: number) => boolean, compare: Float64Array, value: Float64Array): Kernel {
  return ([x], [y], n, block) => {
    const total = block?.total ?? n;
    if (total !== compare.length)
      throw new ValidationError(`a condition on ${compare.length} numbers is given ${total}`, {
        got: String(total),
        wanted: String(compare.length),
      });
    const start = block?.start ?? 0;
    for (let i = 0; i < n; i++) y[i] = test(x[i], compare[start + i]) ? value[start + i] : x[i];
  };
}
