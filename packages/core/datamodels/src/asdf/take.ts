import { AsdfArray, type AsdfFile } from "@calwebb/asdf";
import { AsdfFormatError } from "@calwebb/errors";
import type { ObjectSchema, SchemaNode } from "../schema/decode.js";
import { isTreeObject, type TreeObject } from "../tree/types.js";
import { AsdfCell, AsdfTableCell, isNumeric } from "./cells.js";

/** What stands for an array of the tree that lives elsewhere; undefined drops it. */
export type LinkMaker = (source: string, array: AsdfArray) => unknown;

/**
 * The tree of an ASDF file as the tree of a model: arrays of the schema become cells, links are followed, bookkeeping of
 * the file is left out. Changes the mappings of the file's tree in place.
 */
export function takeTree(file: AsdfFile, schema: ObjectSchema, link?: LinkMaker): TreeObject {
  const tree = file.tree as TreeObject;
  /** What is being visited now: a tree of a model cannot hold itself. */
  const open = new Set<unknown>();
  const visit = (node: unknown, at: SchemaNode | undefined, path: string): unknown => {
    if (typeof node !== "object" || node === null) return node;
    if (open.has(node))
      throw new AsdfFormatError(`${file.name}: ${path} holds itself, which the tree of a model cannot`, {
        file: file.name,
        where: path,
      });
    open.add(node);
    const out = visited(node, at, path);
    open.delete(node);
    return out;
  };
  const visited = (node: unknown, at: SchemaNode | undefined, path: string): unknown => {
    if (node instanceof AsdfArray) {
      if (node.link !== undefined) return link?.(node.link, node);
      if (at?.kind === "table" && !isNumeric(node)) return new AsdfTableCell(node, `${path} of ${file.name}`, at);
      if (!isNumeric(node)) return node;
      return new AsdfCell(node, `${path} of ${file.name}`, at?.kind === "array" ? at : undefined);
    }
    if (Array.isArray(node)) {
      const item = at?.kind === "list" ? at.item : undefined;
      for (let i = 0; i < node.length; i++) node[i] = visit(node[i], item, `${path}.${i}`);
    } else if (isTreeObject(node))
      for (const name of Object.keys(node)) {
        const value = visit(
          node[name],
          at?.kind === "object" ? at.child(name) : undefined,
          path ? `${path}.${name}` : name,
        );
        if (value === undefined) delete node[name];
        else node[name] = value;
      }
    return node;
  };
  visit(tree, schema, "");
  delete tree.asdf_library;
  delete tree._fits_hash;
  return tree;
}

/** Texts of the history entries of a tree, whichever layout they have. */
export function historyOf(tree: TreeObject): string[] {
  const { history } = tree;
  const entries = isTreeObject(history) ? history.entries : history;
  if (!Array.isArray(entries)) return [];
  return entries.map((e) => (isTreeObject(e) ? String(e.description ?? "") : String(e)));
}
