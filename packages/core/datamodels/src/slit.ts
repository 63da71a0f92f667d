import { ValidationError } from "@calwebb/errors";
import { createModel } from "./create.js";
import type { DataModel } from "./data-model.js";
import type { ModelName, Models } from "./generated/types.js";
import type { Model } from "./model.js";
import { isTreeObject, own, type TreeObject } from "./tree/types.js";

/**
 * An item of a list as a model of its own: arrays (shared) and attributes of the item, metadata of the whole product, WCS of
 * the item. `slitOf(multiSlit, 2)`, `slitOf(multiSpec, 0, "spec", "SpecModel")`.
 */
export function slitOf<N extends ModelName = "SlitModel">(
  product: Model,
  index: number,
  list = "slits",
  name: N = "SlitModel" as N,
): Models[N] {
  const items = own(product.tree, list);
  const item = Array.isArray(items) ? items[index] : undefined;
  if (!isTreeObject(item)) throw new ValidationError(`${product.modelType} has no ${list}[${index}]`, { where: list });
  const out = createModel(name) as unknown as DataModel;
  const { meta, ...rest } = item;
  for (const key of Object.keys(rest)) if (out.modelInfo.root.child(key) !== undefined) out.tree[key] = rest[key];
  out.update(product);
  const wcs = isTreeObject(meta) ? meta.wcs : undefined;
  if (wcs !== undefined) (out.tree.meta as TreeObject).wcs = wcs;
  return out as unknown as Models[N];
}
