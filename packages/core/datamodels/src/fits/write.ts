import { Card, type FitsFile } from "@calwebb/fits";
import type { LeafSchema, ModelInfo, ObjectSchema, SchemaNode } from "../schema/decode.js";
import { isTable } from "../table.js";
import { isCell, isNdArray, isTreeObject, own, type TreeObject } from "../tree/types.js";
import { ImageCell } from "./cells.js";
import { ChangedCell } from "./changed-cell.js";
import { FilledCell } from "./filled-cell.js";
import { commentFor, OriginCards } from "./origin-cards.js";
import { blankCard, type OutData, OutHdu } from "./out-hdu.js";
import { streamCell, streamChanged, streamFilled } from "./stream.js";

/**
 * Builds the HDUs of a model by walking its schema: an HDU comes into being with the first keyword or array that belongs
 * there, and titled branches put three blank cards before their first keyword.
 */
export class FitsBuilder {
  readonly hdus: OutHdu[] = [new OutHdu("PRIMARY")];
  /** HDUs by the mapping and name of the array they hold. */
  readonly placed: Map<TreeObject, Map<string, OutHdu>> = new Map();
  private readonly info: ModelInfo;
  private readonly origin: OriginCards;
  private readonly warn: (message: string) => void;
  private pending: string[] = [];
  private readonly first = new Map<string, OutHdu>();
  private readonly byVersion = new Map<string, OutHdu>();

  constructor(info: ModelInfo, source: FitsFile | undefined, warn: (message: string) => void) {
    this.info = info;
    this.origin = new OriginCards(source, info.root);
    this.warn = warn;
  }

  async build(tree: TreeObject): Promise<void> {
    await this.object(this.info.root, tree, undefined, "", "");
    if (tree.hdrtab !== undefined && this.info.root.child("hdrtab") === undefined)
      await this.place(tree, "hdrtab", "HDRTAB", tree.hdrtab, 0, true);
  }

  /** @param key - path with list items as "items", which titles go by */
  private async object(
    schema: ObjectSchema,
    tree: TreeObject,
    index: number | undefined,
    path: string,
    key: string,
  ): Promise<void> {
    const stack = this.pending;
    if (schema.titled) stack.push(key);
    for (const name of schema.names) {
      const value = own(tree, name);
      if (value === undefined || value === null) continue;
      const at = path === "" ? name : `${path}.${name}`;
      await this.member(schema.child(name)!, tree, name, value, index, at, key === "" ? name : `${key}.${name}`);
    }
    // Titles that were written have left this stack for good: a new one took its place.
    if (schema.titled && stack.at(-1) === key) stack.pop();
  }

  private async member(
    schema: SchemaNode,
    tree: TreeObject,
    name: string,
    value: unknown,
    index: number | undefined,
    path: string,
    key: string,
  ): Promise<void> {
    switch (schema.kind) {
      case "leaf":
        if (schema.keyword !== undefined) this.keyword(schema, value, index, path);
        break;
      case "object":
        if (isTreeObject(value)) await this.object(schema, value, index, path, key);
        break;
      case "list":
        if (Array.isArray(value))
          for (let i = 0; i < value.length; i++)
            if (isTreeObject(value[i])) await this.object(schema.item, value[i], i, `${path}.${i}`, `${key}.items`);
        break;
      default: {
        if (schema.hdu) await this.place(tree, name, schema.hdu, value, index ?? 0, schema.kind === "table");
      }
    }
  }

  /** Put an array or a table into its HDU, which is made when it is not there yet. */
  private async place(
    tree: TreeObject,
    name: string,
    hduName: string,
    value: unknown,
    index: number,
    table: boolean,
  ): Promise<void> {
    const data = await outData(value);
    if (data === undefined) return;
    const hdu = this.dataHdu(hduName, index, table);
    hdu.setData(data);
    hdu.setVersion(index + 1);
    let names = this.placed.get(tree);
    if (names === undefined) this.placed.set(tree, (names = new Map()));
    names.set(name, hdu);
  }

  /** The HDU of a name; `index` undefined takes the first one. */
  find(name: string, index: number | undefined): OutHdu | undefined {
    const upper = name.trim().toUpperCase();
    if (upper === "PRIMARY") return this.hdus[0];
    return index === undefined ? this.first.get(upper) : this.byVersion.get(`${upper},${index + 1}`);
  }

  /** Add an HDU at the end. */
  add(name: string, version: number | undefined): OutHdu {
    const hdu = new OutHdu(name, version);
    this.hdus.push(hdu);
    if (!this.first.has(hdu.name)) this.first.set(hdu.name, hdu);
    this.byVersion.set(`${hdu.name},${version ?? 1}`, hdu);
    return hdu;
  }

  private dataHdu(name: string, index: number, table: boolean): OutHdu {
    const found = this.find(name, index);
    if (found === undefined) return this.add(name, index + 1);
    if (!table || found.table) return found;
    this.hdus.splice(this.hdus.indexOf(found), 1);
    if (this.first.get(found.name) === found) this.first.delete(found.name);
    const hdu = this.add(name, index + 1);
    hdu.adopt(found);
    return hdu;
  }

  private keyword(schema: LeafSchema, value: unknown, index: number | undefined, path: string): void {
    const keyword = schema.keyword!.toUpperCase();
    if (typeof value === "number" && !Number.isFinite(value)) {
      this.warn(`${path} is ${value}, which a FITS header cannot hold; ${keyword} is left out`);
      return;
    }
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      this.warn(`${path} is no value for a FITS header; ${keyword} is left out`);
      return;
    }
    const hdu = this.find(schema.hdu, index) ?? this.add(schema.hdu, index === undefined ? undefined : index + 1);
    for (const section of this.pending) {
      hdu.header.appendCard(blankCard());
      hdu.header.appendCard(blankCard(this.origin.title(section, this.info.name)));
      hdu.header.appendCard(blankCard());
    }
    this.pending = [];
    const card = this.card(schema, hdu, keyword, value, path);
    if (hdu.header.has(keyword)) hdu.header.set(keyword, value, card.comment, { form: formOf(card) });
    else hdu.header.appendCard(card);
  }

  private card(schema: LeafSchema, hdu: OutHdu, keyword: string, value: string | number | boolean, path: string): Card {
    const old = this.origin.card(hdu.name, hdu.version, keyword);
    if (old !== undefined && old.value === value) return old;
    const comment = old?.comment ?? commentFor(path);
    const float = typeof value === "number" && (old === undefined ? schema.type === "number" : old.type === "float");
    return Card.create(keyword, value, comment, float ? "float" : undefined);
  }
}

const formOf = (card: Card): "float" | undefined => (card.type === "float" ? "float" : undefined);

/** An array or table as the writer takes it; cells of images are streamed. */
export async function outData(value: unknown): Promise<OutData | undefined> {
  if (value instanceof ImageCell) return streamCell(value);
  if (value instanceof ChangedCell) return streamChanged(value);
  if (value instanceof FilledCell) return streamFilled(value.dtype, value.shape, value.value);
  const held = isCell(value) ? await value.load() : value;
  if (isTable(held)) return held;
  return isNdArray(held) ? held : undefined;
}
