import type { NdArray } from "@calwebb/array";
import { Card, type HduSpec, Header, type ImageSpec, type StreamedImage, type TableSpec } from "@calwebb/fits";
import type { Table } from "../table.js";
import { textWidth } from "../tree/text-width.js";
import { isBuiltinKeyword } from "./builtin.js";

export type OutData = NdArray | StreamedImage | Table;

const isTableData = (data: OutData | undefined): data is Table => data !== undefined && "columns" in data;

/** An HDU that is being put together. */
export class OutHdu {
  readonly name: string;
  /** EXTVER once it is known. */
  version: number | undefined;
  data: OutData | undefined;
  readonly header: Header = new Header();
  /** An HDU of another file that is copied as it is. */
  raw: HduSpec | undefined;
  table = false;

  constructor(name: string, version?: number) {
    this.name = name.toUpperCase();
    if (this.name === "PRIMARY") this.header.append("EXTEND", true);
    else this.header.append("EXTNAME", this.name, "extension name");
    if (version !== undefined) this.setVersion(version);
  }

  setVersion(version: number): void {
    if (this.version === undefined) this.header.append("EXTVER", version, "extension value");
    this.version = version;
  }

  setData(data: OutData): void {
    this.data = data;
    this.table = isTableData(data);
  }

  /** What the ASDF tree calls this HDU. */
  get link(): string {
    return `fits:${this.name},${this.version ?? 1}`;
  }

  /** Take over the cards of an image HDU that turned out to be a table; blank cards and comments stay behind. */
  adopt(other: OutHdu): void {
    for (const card of other.header.cards)
      if (!isBuiltinKeyword(card.keyword))
        this.header.append(card.keyword, card.value, "", card.type === "float" ? "float" : undefined);
  }

  spec(): HduSpec {
    if (this.raw !== undefined) return this.raw;
    if (isTableData(this.data)) {
      const columns = this.data.columns.map((c) => ({ ...c, width: textWidth(c), tdim: true }));
      return { kind: "bintable", header: this.header, columns, nrows: this.data.nrows } satisfies TableSpec;
    }
    return { kind: "image", header: this.header, data: this.data } satisfies ImageSpec;
  }
}

/** A card of a blank keyword. */
export function blankCard(text = ""): Card {
  return Card.create("", text);
}
