import type { SchemaHit } from "../model.js";
import type { LeafSchema, ObjectSchema, SchemaNode } from "./decode.js";

/** Visit every entry of a schema in its order; list items carry the path part "items". */
export function walkSchema(root: ObjectSchema, visit: (path: string, node: SchemaNode) => void): void {
  const go = (node: SchemaNode, path: string): void => {
    if (path !== "") visit(path, node);
    if (node.kind === "object")
      for (const name of node.names) go(node.child(name)!, path === "" ? name : `${path}.${name}`);
    else if (node.kind === "list") go(node.item, `${path}.items`);
  };
  go(root, "");
}

export function findKeyword(root: ObjectSchema, keyword: string): string[] {
  const wanted = keyword.toUpperCase();
  const out: string[] = [];
  walkSchema(root, (path, node) => {
    if (node.kind === "leaf" && node.keyword?.toUpperCase() === wanted) out.push(path);
  });
  return out;
}

export function searchSchema(root: ObjectSchema, text: string): SchemaHit[] {
  const wanted = text.toLowerCase();
  const out: SchemaHit[] = [];
  walkSchema(root, (path, node) => {
    const keyword = node.kind === "leaf" ? node.keyword : undefined;
    const hdu = "hdu" in node ? node.hdu : undefined;
    if (![path, keyword, hdu].some((t) => t?.toLowerCase().includes(wanted))) return;
    const type = node.kind === "leaf" ? (node as LeafSchema).type : node.kind === "array" ? node.datatype : node.kind;
    out.push({ path, type, ...(keyword ? { keyword } : {}), ...(hdu ? { hdu } : {}) });
  });
  return out.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
