import { modelInfo } from "./decode.js";
import { walkSchema } from "./search.js";

/** How a metadata value of several exposures becomes one. */
export interface BlendRule {
  readonly path: string;
  readonly keyword?: string;
  readonly type: string;
  /** first, last, min, max, mean, sum, multi, ...; undefined: first. */
  readonly rule?: string;
  /** Whether the values of the exposures go into the table of inputs (HDRTAB). */
  readonly table: boolean;
}

/** Rules for blending the metadata of a model class, in schema order. Items of lists are left out. */
export function blendRules(model: string): BlendRule[] {
  const root = modelInfo(model)?.root;
  const out: BlendRule[] = [];
  if (root === undefined) return out;
  walkSchema(root, (path, node) => {
    if (node.kind !== "leaf" || path.includes(".items")) return;
    if (node.blendRule === undefined && !node.blendTable && node.keyword === undefined) return;
    out.push({ path, keyword: node.keyword, type: node.type, rule: node.blendRule, table: node.blendTable });
  });
  return out;
}
