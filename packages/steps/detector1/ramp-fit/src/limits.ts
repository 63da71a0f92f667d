/** First and last group to use, both inclusive. */
export interface GroupLimits {
  first: number;
  last: number;
}

/**
 * The groups that `firstgroup` and `lastgroup` leave, or undefined when neither restricts anything.
 * @param firstgroup - first group to use, counted from 0; null: from the start
 * @param lastgroup - last group to use; null: to the end
 * @param warn - told when a limit is out of range; limits that leave no ramp are ignored altogether
 */
export function groupLimits(
  firstgroup: number | null,
  lastgroup: number | null,
  ngroups: number,
  warn: (message: string) => void,
): GroupLimits | undefined {
  if (firstgroup === null && lastgroup === null) return undefined;
  let first = firstgroup ?? 0;
  let last = lastgroup ?? ngroups - 1;
  if (first < 0) {
    warn(`firstgroup is ${first}, below 0: taking 0`);
    first = 0;
  }
  if (last >= ngroups) {
    warn(`lastgroup is ${last}, but the ramps have ${ngroups} groups: taking ${ngroups - 1}`);
    // The unclipped limit still counts in the comparison below, as it does in the reference implementation.
  }
  if (first >= last) {
    warn(`firstgroup (${first}) is not below lastgroup (${last}): using all groups`);
    return undefined;
  }
  last = Math.min(last, ngroups - 1);
  return first === 0 && last === ngroups - 1 ? undefined : { first, last };
}
