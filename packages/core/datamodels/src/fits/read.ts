import { markFloat } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";
import { type FitsFile, formatFloat, type Hdu } from "@calwebb/fits";
import type { ValidationPolicy } from "../model.js";
import { judge, leafProblem } from "../schema/check.js";
import type { ArraySchema, LeafSchema, ListSchema, ModelInfo, ObjectSchema, TableSchema } from "../schema/decode.js";
import { checkDimensions } from "../tree/cast.js";
import { isTreeObject, own, type TreeObject } from "../tree/types.js";
import { isBuiltinKeyword } from "./builtin.js";
import { ImageCell, TableCell } from "./cells.js";
import { HduIndex } from "./lookup.js";
import { migrateTree, migrationOf } from "./migrate.js";
import { RawHdu } from "./raw.js";

const listsWithHdus = new WeakMap<ObjectSchema, boolean>();

/** Whether items of this kind have keywords or data in HDUs of their own. */
export function hasHdus(schema: ObjectSchema): boolean {
  const known = listsWithHdus.get(schema);
  if (known !== undefined) return known;
  const has = schema.names.some((name) => {
    const child = schema.child(name)!;
    if (child.kind === "object") return hasHdus(child);
    if (child.kind === "leaf") return child.keyword !== undefined && child.hdu !== "PRIMARY";
    return (child.kind === "array" || child.kind === "table") && Boolean(child.hdu);
  });
  listsWithHdus.set(schema, has);
  return has;
}

/** Takes the content of a FITS file into a tree, as far as the schema of a model describes it. */
export class FitsReader {
  private readonly index: HduIndex;
  private readonly info: ModelInfo;
  private readonly policy: ValidationPolicy;
  private readonly knownKeywords = new Map<Hdu, Set<string>>();
  private readonly knownData = new Set<Hdu>();

  constructor(file: FitsFile, info: ModelInfo, policy: ValidationPolicy) {
    this.index = new HduIndex(file);
    this.info = info;
    this.policy = policy;
  }

  /** Read keywords and make cells for arrays and tables; values of the file win over those that the tree has. */
  into(tree: TreeObject): void {
    this.object(this.info.root, tree, undefined, "");
    migrateTree(this.info, tree, this.index.file);
    this.inputsTable(tree);
    this.extraFits(tree);
    const history = this.index.file.hdus[0].header.history;
    if (history.length > 0) tree.history = { entries: history.map((description) => ({ description })) };
  }

  /** Level 3 products of any class may hold the metadata of their inputs. */
  private inputsTable(tree: TreeObject): void {
    const hdu = this.index.find("HDRTAB", undefined);
    if (hdu?.kind !== "bintable" || this.info.root.child("hdrtab") !== undefined) return;
    tree.hdrtab = new TableCell(hdu, undefined);
    this.knownData.add(hdu);
  }

  /** Members of a mapping. Gives whether anything was found. */
  private object(schema: ObjectSchema, tree: TreeObject, index: number | undefined, path: string): boolean {
    let found = false;
    for (const name of schema.names) {
      const child = schema.child(name)!;
      const here = path === "" ? name : `${path}.${name}`;
      switch (child.kind) {
        case "leaf":
          if (child.keyword !== undefined && this.leaf(child, tree, name, index, here)) found = true;
          break;
        case "array":
        case "table":
          if (this.data(child, tree, name, index, here)) found = true;
          break;
        case "object": {
          const before = own(tree, name);
          const branch = isTreeObject(before) ? before : {};
          if (this.object(child, branch, index, here)) {
            tree[name] = branch;
            found = true;
          }
          break;
        }
        case "list":
          if (this.list(child, tree, name, here)) found = true;
      }
    }
    return found;
  }

  private list(schema: ListSchema, tree: TreeObject, name: string, path: string): boolean {
    if (!hasHdus(schema.item)) return false;
    const before = own(tree, name);
    const list = (Array.isArray(before) ? before : []) as TreeObject[];
    let found = false;
    for (let i = 0; i < this.index.maxVersion; i++) {
      const item = isTreeObject(list[i]) ? list[i] : {};
      if (!this.object(schema.item, item, i, `${path}.${i}`)) continue;
      while (list.length < i) list.push({});
      list[i] = item;
      found = true;
    }
    if (found) tree[name] = list;
    return found;
  }

  private leaf(schema: LeafSchema, tree: TreeObject, name: string, index: number | undefined, path: string): boolean {
    const hdu = this.index.find(schema.hdu, index);
    const card = hdu?.header.card(schema.keyword!);
    if (hdu === undefined || card === undefined) return false;
    let known = this.knownKeywords.get(hdu);
    if (known === undefined) this.knownKeywords.set(hdu, (known = new Set()));
    known.add(card.keyword);
    const raw = card.value;
    if (raw === undefined || card.type === "invalid") return false;
    const value = typeof raw === "bigint" ? Number(raw) : raw;
    if (this.policy.validateOnAssignment !== false && !judge(leafProblem(path, value, schema), this.policy))
      return false;
    tree[name] = exact(own(tree, name), value, card.type);
    return true;
  }

  private data(
    schema: ArraySchema | TableSchema,
    tree: TreeObject,
    name: string,
    index: number | undefined,
    path: string,
  ): boolean {
    if (!schema.hdu) return false;
    const hdu = this.index.find(schema.hdu, index);
    if (hdu === undefined) return false;
    this.knownData.add(hdu);
    const file = this.index.file.name;
    if (hdu.kind === "image" || hdu.kind === "primary") {
      if (hdu.size === 0 && hdu.shape.length === 0) return false;
      if (schema.kind === "table") throw this.mismatch(file, path, hdu, "a binary table");
      checkDimensions(path, hdu.shape, schema, file);
      tree[name] = new ImageCell(hdu, schema);
      return true;
    }
    if (hdu.kind === "bintable") {
      if (schema.kind === "array") throw this.mismatch(file, path, hdu, "an image");
      tree[name] = new TableCell(hdu, schema, migrationOf(this.info.name, schema.hdu));
      return true;
    }
    return false;
  }

  private mismatch(file: string, path: string, hdu: Hdu, wanted: string): ValidationError {
    return new ValidationError(
      `${file}: HDU ${hdu.name} is ${hdu.kind}, but ${path} of a ${this.info.name} is ${wanted}`,
      {
        file,
        where: hdu.name,
        got: hdu.kind,
        wanted,
      },
    );
  }

  /** Cards and HDUs that the schema does not know. */
  private extraFits(tree: TreeObject): void {
    delete tree.extra_fits;
    const extra: TreeObject = {};
    const place = (hdu: Hdu): TreeObject => {
      const name = hdu.version > 1 ? `${hdu.name},${hdu.version}` : hdu.name;
      return (extra[name] ??= {}) as TreeObject;
    };
    for (const hdu of this.index.file.hdus) {
      if (hdu.name === "ASDF") continue;
      const known = this.knownKeywords.get(hdu);
      const cards: unknown[] = [];
      for (const card of hdu.header.cards) {
        if (known?.has(card.keyword) || isBuiltinKeyword(card.keyword)) continue;
        const value = typeof card.value === "bigint" ? Number(card.value) : (card.value ?? null);
        const entry = [card.keyword, value, card.comment];
        cards.push(card.type === "float" ? markFloat(entry, 1) : entry);
      }
      if (cards.length > 0) place(hdu).header = cards;
      if (this.knownData.has(hdu)) continue;
      if ((hdu.kind === "image" || hdu.kind === "primary") && hdu.shape.length > 0)
        place(hdu).data = new ImageCell(hdu, undefined);
      else if (hdu.kind === "bintable") place(hdu).data = new TableCell(hdu, undefined);
      else if (hdu.kind === "unknown") place(hdu).data = new RawHdu(hdu);
    }
    if (Object.keys(extra).length > 0) tree.extra_fits = extra;
  }
}

/** A card holds 20 characters of a number; the tree of the ASDF extension has them all. */
function exact(before: unknown, value: unknown, type: string): unknown {
  if (type !== "float" || typeof before !== "number" || before === value || !Number.isFinite(before)) return value;
  return Number(formatFloat(before)) === value ? before : value;
}
