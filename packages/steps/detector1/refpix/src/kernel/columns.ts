import { clippedMean } from "@calwebb/stats";

/**
 * Reference pixels that share one reference level, as positions in a science-frame plane; listed in the order in which the
 * detector frame is read row by row, because sums in float32 depend on it.
 */
export interface ReferenceSet {
  /** Top pixels of an amplifier, or all pixels where top and bottom are not told apart. */
  first: Int32Array;
  /** Bottom pixels; may be empty. */
  second: Int32Array;
}

/** Which reference level is subtracted from which columns of the detector frame. */
export interface ColumnPlan {
  sets: ReferenceSet[];
  /** Set of each column of the plane (detector frame); 255: none. */
  setOf: Uint8Array;
  /** Sets 2k and 2k + 1 (odd and even columns of an amplifier) are applied both or not at all. */
  paired: boolean;
}

export const NO_SET = 255;

/** Memory for the levels of one plane, used again and again. */
export interface ColumnScratch {
  values: Float64Array;
  squares: Float64Array;
  levels: Float64Array;
  known: Uint8Array;
  /** Level of each column, 0 where there is none. */
  columns: Float64Array;
}

export function columnScratch(plan: ColumnPlan): ColumnScratch {
  const longest = Math.max(1, ...plan.sets.flatMap((s) => [s.first.length, s.second.length]));
  return {
    values: new Float64Array(longest),
    squares: new Float64Array(longest),
    levels: new Float64Array(plan.sets.length),
    known: new Uint8Array(plan.sets.length),
    columns: new Float64Array(plan.setOf.length),
  };
}

/**
 * Reference level of every column of one plane: sigma-clipped means of the sets, averaged over top and bottom.
 * @param data - array that holds the plane; @param base - its first element
 * @param siglimit - clipping limit in standard deviations
 * @param single - compute in float32
 * @returns scratch.columns
 */
export function columnLevels(
  data: Float32Array,
  base: number,
  plan: ColumnPlan,
  siglimit: number,
  single: boolean,
  scratch: ColumnScratch,
): Float64Array {
  const { levels, known, columns } = scratch;
  for (let s = 0; s < plan.sets.length; s++) {
    const { first, second } = plan.sets[s];
    known[s] = first.length + second.length > 0 ? 1 : 0;
    if (known[s] === 0) continue;
    if (first.length === 0 || second.length === 0)
      levels[s] = setMean(data, base, first.length > 0 ? first : second, siglimit, single, scratch);
    else {
      const sum =
        setMean(data, base, first, siglimit, single, scratch) + setMean(data, base, second, siglimit, single, scratch);
      levels[s] = 0.5 * (single ? Math.fround(sum) : sum);
    }
  }
  if (plan.paired)
    for (let s = 0; s + 1 < plan.sets.length; s += 2) if (known[s] !== known[s + 1]) known[s] = known[s + 1] = 0;
  for (let c = 0; c < columns.length; c++) {
    const s = plan.setOf[c];
    columns[c] = s === NO_SET || known[s] === 0 ? 0 : levels[s];
  }
  return columns;
}

function setMean(
  data: Float32Array,
  base: number,
  pixels: Int32Array,
  siglimit: number,
  single: boolean,
  { values, squares }: ColumnScratch,
): number {
  for (let i = 0; i < pixels.length; i++) values[i] = data[base + pixels[i]];
  return clippedMean(values, pixels.length, siglimit, siglimit, single, squares);
}
