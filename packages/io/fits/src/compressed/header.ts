import { Card } from "../card.js";
import { bad, type HduPlace, integer, show } from "../context.js";
import { Header } from "../header.js";

/** What the table of a compressed image says about the image. */
export interface Compression {
  readonly method: string;
  readonly bitpix: number;
  /** Slowest axis first. */
  readonly shape: readonly number[];
  readonly tile: readonly number[];
  /** ZNAMEi / ZVALi. */
  readonly parameters: ReadonlyMap<string, number>;
  readonly quantise: string;
  readonly dither0: number;
  readonly blank?: number;
  readonly scale?: number;
  readonly zero?: number;
}

export const METHODS: readonly string[] = ["RICE_1", "RICE_ONE", "GZIP_1", "GZIP_2", "PLIO_1", "NOCOMPRESS"];

/** @throws {FitsFormatError} for keywords that contradict each other or a method that is not supported */
export function readCompression(place: HduPlace, header: Header): Compression {
  const file = place.source.name;
  const whole = (keyword: string, min: number, max: number, fallback?: number) =>
    integer(file, place.label, header, keyword, min, max, fallback);
  const method = header.getString("ZCMPTYPE")?.trim() ?? "";
  if (!METHODS.includes(method))
    throw bad(
      place,
      "ZCMPTYPE",
      show(header.get("ZCMPTYPE")),
      `one of ${METHODS.join(", ")}; decompress the file with funpack`,
    );
  const bitpix = whole("ZBITPIX", -64, 64);
  if (![8, 16, 32, 64, -32, -64].includes(bitpix))
    throw bad(place, "ZBITPIX", String(bitpix), "8, 16, 32, 64, -32 or -64");
  const naxis = whole("ZNAXIS", 1, 999);
  const shape: number[] = [];
  const tile: number[] = [];
  for (let i = naxis; i >= 1; i--) {
    const n = whole(`ZNAXIS${i}`, 0, Number.MAX_SAFE_INTEGER);
    shape.push(n);
    tile.push(Math.min(whole(`ZTILE${i}`, 1, Number.MAX_SAFE_INTEGER, i === 1 ? Math.max(1, n) : 1), Math.max(1, n)));
  }
  const parameters = new Map<string, number>();
  for (let i = 1; i <= 99 && header.has(`ZNAME${i}`); i++) {
    const value = header.getNumber(`ZVAL${i}`);
    const name = header.getString(`ZNAME${i}`);
    if (name !== undefined && value !== undefined) parameters.set(name.trim().toUpperCase(), value);
  }
  return {
    method,
    bitpix,
    shape,
    tile,
    parameters,
    quantise: header.getString("ZQUANTIZ")?.trim() ?? "NO_DITHER",
    dither0: whole("ZDITHER0", 0, 1e9, 1),
    blank: header.getNumber("ZBLANK"),
    scale: header.getNumber("ZSCALE"),
    zero: header.getNumber("ZZERO"),
  };
}

const TABLE =
  /^(XTENSION|SIMPLE|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|THEAP|EXTEND|(TTYPE|TFORM|TUNIT|TNULL|TSCAL|TZERO|TDISP|TDIM)\d+|CHECKSUM|DATASUM)$/;
const COMPRESSED =
  /^(ZIMAGE|ZSIMPLE|ZTENSION|ZEXTEND|ZBITPIX|ZNAXIS\d*|ZTILE\d+|ZPCOUNT|ZGCOUNT|ZCMPTYPE|ZNAME\d+|ZVAL\d+|ZQUANTIZ|ZDITHER0|ZBLANK|ZSCALE|ZZERO|ZHECKSUM|ZDATASUM|ZBLOCKED|ZMASKCMP)$/;

/** The header of the image that a compressed table holds. */
export function imageHeader(table: Header, { bitpix, shape }: Compression): Header {
  const cards = [
    Card.create("XTENSION", "IMAGE", "Image extension"),
    Card.create("BITPIX", bitpix, "array data type"),
    Card.create("NAXIS", shape.length, "number of array dimensions"),
    ...shape.map((_, i) => Card.create(`NAXIS${i + 1}`, shape[shape.length - 1 - i])),
    Card.create("PCOUNT", 0, "number of parameters"),
    Card.create("GCOUNT", 1, "number of groups"),
  ];
  for (const card of table.cards) if (!TABLE.test(card.keyword) && !COMPRESSED.test(card.keyword)) cards.push(card);
  return new Header(cards);
}
