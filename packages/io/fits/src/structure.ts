import type { DType } from "@calwebb/array";
import { Card } from "./card.js";
import type { HeaderValue } from "./format.js";
import { Header } from "./header.js";

/** A card that the writer sets. */
export interface Item {
  keyword: string;
  value: HeaderValue;
  comment?: string;
}

const BITPIX: Readonly<Record<DType, number>> = {
  bool8: 8,
  int8: 8,
  uint8: 8,
  int16: 16,
  uint16: 16,
  int32: 32,
  uint32: 32,
  int64: 64,
  uint64: 64,
  float32: -32,
  float64: -64,
};

/** Offset of the stored values (BZERO, TZERO) of types that FITS does not have; undefined for the others. */
export function offsetOf(dtype: DType): number | bigint | undefined {
  switch (dtype) {
    case "int8":
      return -128;
    case "uint16":
      return 32768;
    case "uint32":
      return 2147483648;
    case "uint64":
      return 9223372036854775808n;
    default:
      return undefined;
  }
}

/** The mandatory cards of an image, in order. */
export function imageItems(
  primary: boolean,
  extend: boolean,
  dtype: DType | undefined,
  shape: readonly number[],
): Item[] {
  const items: Item[] = [
    primary
      ? { keyword: "SIMPLE", value: true, comment: "conforms to FITS standard" }
      : { keyword: "XTENSION", value: "IMAGE", comment: "Image extension" },
    { keyword: "BITPIX", value: dtype === undefined ? 8 : BITPIX[dtype], comment: "array data type" },
    { keyword: "NAXIS", value: shape.length, comment: "number of array dimensions" },
  ];
  for (let i = 1; i <= shape.length; i++) items.push({ keyword: `NAXIS${i}`, value: shape[shape.length - i] });
  if (!primary)
    items.push(
      { keyword: "PCOUNT", value: 0, comment: "number of parameters" },
      { keyword: "GCOUNT", value: 1, comment: "number of groups" },
    );
  else if (extend) items.push({ keyword: "EXTEND", value: true });
  return items;
}

/** The mandatory cards of a binary table, in order. */
export function tableItems(rowLength: number, nrows: number, heapSize: number, nfields: number): Item[] {
  return [
    { keyword: "XTENSION", value: "BINTABLE", comment: "binary table extension" },
    { keyword: "BITPIX", value: 8, comment: "array data type" },
    { keyword: "NAXIS", value: 2, comment: "number of array dimensions" },
    { keyword: "NAXIS1", value: rowLength, comment: "length of dimension 1" },
    { keyword: "NAXIS2", value: nrows, comment: "length of dimension 2" },
    { keyword: "PCOUNT", value: heapSize, comment: "number of group parameters" },
    { keyword: "GCOUNT", value: 1, comment: "number of groups" },
    { keyword: "TFIELDS", value: nfields, comment: "number of table fields" },
  ];
}

const STRUCTURAL = /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|GROUPS|TFIELDS|THEAP|CHECKSUM|DATASUM|END)$/;
const COLUMN = /^(TTYPE|TFORM|TUNIT|TNULL|TSCAL|TZERO|TDISP|TDIM|TBCOL)[1-9]\d*$/;
const SCALING = /^(BSCALE|BZERO|BLANK)$/;

/** A card for an item: the given header's own where it says the same, with its comment where only the value differs. */
function cardFor(item: Item, from: Header | undefined): Card {
  const old = from?.card(item.keyword);
  if (old !== undefined && old.value === item.value) return old;
  return Card.create(item.keyword, item.value, old?.comment || item.comment);
}

/**
 * A complete header: the mandatory cards in their order, then the other cards of `from` as they are. Cards that describe data stored
 * otherwise (scaling, columns, checksums) are replaced by `extra`, which keep their place where `from` has them.
 */
export function buildHeader(
  mandatory: readonly Item[],
  extra: readonly Item[],
  from: Header | undefined,
  table: boolean,
): Header {
  const cards = mandatory.map((item) => cardFor(item, from));
  const waiting = new Map(extra.map((item) => [item.keyword, item]));
  const rest: Card[] = [];
  for (const card of from?.cards ?? []) {
    const { keyword } = card;
    const item = waiting.get(keyword);
    if (item !== undefined) {
      rest.push(cardFor(item, from));
      waiting.delete(keyword);
    } else if (!STRUCTURAL.test(keyword) && !(table ? COLUMN : SCALING).test(keyword)) rest.push(card);
  }
  for (const item of waiting.values()) cards.push(cardFor(item, from));
  return new Header([...cards, ...rest]);
}
