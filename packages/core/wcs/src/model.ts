import type { Tagged } from "@calwebb/asdf";
import type { Model } from "@calwebb/datamodels";
import { Wcs } from "./wcs.js";

/** Anything with metadata: a model, or a slit of one. */
export type WithMeta = Pick<Model, "get" | "set" | "delete">;

const cache = new WeakMap<object, Wcs>();

/**
 * The WCS in `meta.wcs`, made once for each node. Do not change it in place: clone it, change the clone and give that to {@link setWcs}.
 * @returns undefined when the model has none
 */
export function wcsOf(model: WithMeta): Wcs | undefined {
  const node = model.get("meta.wcs");
  if (node === undefined || node === null) return undefined;
  // Saving a model takes anything with toAsdf, so that a Wcs itself may stand there too.
  if (node instanceof Wcs) return node;
  const known = cache.get(node as object);
  if (known) return known;
  const wcs = Wcs.fromAsdf(node);
  cache.set(node as object, wcs);
  return wcs;
}

/** Put a WCS into `meta.wcs`, in the form in which it is saved; undefined removes it. */
export function setWcs(model: WithMeta, wcs: Wcs | undefined): void {
  if (wcs === undefined) {
    model.delete("meta.wcs");
    return;
  }
  const node: Tagged = wcs.toAsdf();
  model.set("meta.wcs", node);
  cache.set(node, wcs);
}
