import { AsdfArray } from "./ndarray.js";
import { parseFloat11, parseInt11 } from "./scalar.js";
import { type AsdfMapping, isMapping, setTag, Tagged, tagName } from "./tree.js";

const named = (node: unknown, name: string): Tagged | undefined =>
  node instanceof Tagged && tagName(node.tag) === name ? node : undefined;

/** Name of a unit node (`unit/unit`) or of a plain string; undefined for anything else. */
export function unitOf(node: unknown): string | undefined {
  if (typeof node === "string") return node;
  const unit = named(node, "unit/unit");
  return typeof unit?.value === "string" ? unit.value : undefined;
}

/** Value and unit of a `unit/quantity` node. */
export interface Quantity {
  value: number | AsdfArray;
  unit: string;
}

export function quantityOf(node: unknown): Quantity | undefined {
  const quantity = named(node, "unit/quantity")?.value;
  if (!isMapping(quantity)) return undefined;
  const { value } = quantity;
  const unit = unitOf(quantity.unit);
  if (unit === undefined || !(typeof value === "number" || value instanceof AsdfArray)) return undefined;
  return { value, unit };
}

/**
 * The number that a scalar node stands for: a plain number, a quantity without its unit, or a constant. Undefined when it is none.
 */
export function numberOf(node: unknown): number | undefined {
  if (typeof node === "number") return node;
  if (typeof node === "bigint") return Number(node);
  const quantity = quantityOf(node);
  if (quantity) return typeof quantity.value === "number" ? quantity.value : undefined;
  const constant = named(node, "core/constant")?.value;
  if (typeof constant !== "string") return constant === undefined ? undefined : numberOf(constant);
  const whole = parseInt11(constant);
  return whole === undefined ? parseFloat11(constant) : Number(whole);
}

/** What a time node says. */
export interface TimeValue {
  value: unknown;
  /** `iso`, `jd`, `mjd`, ... as astropy names it; undefined when the value's own form says it. */
  format: string | undefined;
  /** `utc`, `tdb`, ...; UTC when the node does not say. */
  scale: string;
}

/** Value, format and scale of a `time/time` node in either of its two forms. */
export function timeOf(node: unknown): TimeValue | undefined {
  const time = named(node, "time/time")?.value;
  if (typeof time === "string") return { value: time, format: undefined, scale: "utc" };
  if (!isMapping(time)) return undefined;
  const { value, format, scale } = time;
  return {
    value,
    format: typeof format === "string" ? format : undefined,
    scale: typeof scale === "string" ? scale : "utc",
  };
}

const SOFTWARE = "tag:stsci.edu:asdf/core/software-1.0.0";

/**
 * Append an entry to the history of a tree, changing it in place.
 * @param time - when; now if left out
 */
export function addHistory(
  tree: AsdfMapping,
  description: string,
  options: { time?: Date; software?: { name: string; version: string; author?: string; homepage?: string } } = {},
): void {
  const text = (options.time ?? new Date())
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "+00:00");
  const entry: AsdfMapping = { description, time: text };
  if (options.software) entry.software = setTag({ ...options.software }, SOFTWARE);
  setTag(entry, "tag:stsci.edu:asdf/core/history_entry-1.0.0");
  const { history } = tree;
  if (Array.isArray(history)) history.push(entry);
  else if (!isMapping(history)) tree.history = { entries: [entry] };
  else if (Array.isArray(history.entries)) history.entries.push(entry);
  else history.entries = [entry];
}
