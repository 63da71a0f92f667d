import type { Association } from "../association.js";
import { AttrNode } from "../constraint/nodes.js";
import type { PoolRow } from "../pool/row.js";
import { isTimeSeries, mayBeTimeSeries } from "./exposure.js";

const lower = (a: string, b: string): number => {
  const x = a.toLowerCase();
  const y = b.toLowerCase();
  return x < y ? -1 : x > y ? 1 : 0;
};

const joined = (values: readonly string[]): string => [...values].sort(lower).join("-");

/** `t001`: the target that the constraint "target" has found. */
export function targetName(association: Association): string {
  return `t${association.firstFoundOf("target").join("-").padStart(3, "0")}`;
}

export function instrumentName(association: Association): string {
  return (association.foundOf("instrument") ?? []).join("-");
}

/** Filters, pupils and gratings, sorted; `clear` when there are none. */
export function opticalElements(association: Association): string {
  const parts = ["opt_elem", "opt_elem2"].map((n) => joined(association.foundOf(n) ?? [])).filter((v) => v !== "");
  return parts.sort(lower).join("-") || "clear";
}

/** Names of the fixed slits, with a dash before them; empty when there are none. */
export function slitName(association: Association): string {
  const parts = ["fxd_slit", "fxd_slit2"].map((n) => joined(association.foundOf(n) ?? [])).filter((v) => v !== "");
  return [...new Set(parts)]
    .sort(lower)
    .map((p) => `-${p}`)
    .join("");
}

/** The subarray with a dash before it; empty for full frames. */
export function subarrayName(association: Association): string {
  const found = (association.foundOf("subarray") ?? []).join("-");
  return found === "" || found === "full" ? "" : `-${found}`;
}

/** Whether the row is part of a time series, by itself or because the association is one. */
export function isTimeSeriesIn(association: Association, item: PoolRow): boolean {
  if (isTimeSeries(item)) return true;
  const node = association.registered.constraints.byName.get("is_tso");
  return node instanceof AttrNode && association.state.fixed[node.slot] === "t" && mayBeTimeSeries(item);
}
