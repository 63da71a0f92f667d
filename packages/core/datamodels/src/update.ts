import type { DataModel } from "./data-model.js";
import type { Model, UpdateOptions } from "./model.js";
import type { SchemaNode } from "./schema/decode.js";
import { walkSchema } from "./schema/search.js";
import { childSchema } from "./tree/access.js";
import { copyTree, copyValue } from "./tree/copy.js";
import { setPath } from "./tree/path.js";
import { isTreeObject, type TreeObject } from "./tree/types.js";

/** Values that say what a model is; an update leaves them alone. */
const PROTECTED: ReadonlySet<string> = new Set(["meta.date", "meta.model_type"]);

function hduNames(model: DataModel, only: UpdateOptions["only"]): Set<string> {
  if (only !== undefined) return new Set(typeof only === "string" ? [only] : only);
  const names = new Set(["PRIMARY"]);
  walkSchema(model.modelInfo.root, (_, node) => {
    if ("hdu" in node && node.hdu !== undefined) names.add(node.hdu);
  });
  return names;
}

const isModel = (value: unknown): value is DataModel =>
  typeof value === "object" && value !== null && "modelInfo" in value && "tree" in value;

/** Copy metadata into `target`: keywords that the source's schema knows, to places that the target's schema knows. */
export function updateFrom(target: DataModel, source: Model | Record<string, unknown>, options: UpdateOptions): void {
  const hdus = hduNames(target, options.only);
  const schema = isModel(source) ? source.modelInfo.root : undefined;
  const tree = (isModel(source) ? source.tree : source) as TreeObject;

  const logs = tree.cal_logs;
  if (options.calLogs !== false && isTreeObject(logs))
    target.tree.cal_logs = { ...((target.tree.cal_logs as TreeObject | undefined) ?? {}), ...copyTree(logs, false) };

  const assign = (node: TreeObject, from: SchemaNode | undefined, into: SchemaNode | undefined, path: string): void => {
    for (const name of Object.keys(node)) {
      if (path === "" && (name === "extra_fits" || name === "cal_logs")) continue;
      const value = node[name];
      const here = path === "" ? name : `${path}.${name}`;
      const fromChild = from?.kind === "object" ? from.child(name) : undefined;
      const place = { ctx: target.place.ctx, tree: {}, schema: into, path };
      const intoChild = into === undefined ? undefined : childSchema(place, name);
      if (isTreeObject(value)) assign(value, fromChild, intoChild, here);
      else if (value === undefined || value === null || PROTECTED.has(here)) continue;
      else if (typeof value === "object" && schema !== undefined) continue;
      else if (schema !== undefined) {
        // Only what is kept in a header of the wanted HDUs passes from model to model.
        if (fromChild?.kind !== "leaf" || fromChild.keyword === undefined || !hdus.has(fromChild.hdu)) continue;
        if (intoChild !== undefined) setPath(target.place, here, value);
      } else if (!ArrayBuffer.isView(value)) setPath(target.place, here, copyValue(value, false));
    }
  };
  assign(tree, schema, target.modelInfo.root, "");

  if (options.extraFits) {
    const extra = tree.extra_fits;
    if (!isTreeObject(extra)) return;
    for (const hdu of hdus) {
      const header = (extra[hdu] as TreeObject | undefined)?.header;
      if (header !== undefined) (target.extraFits[hdu] ??= {}).header = copyValue(header, false) as never;
    }
  }
}
