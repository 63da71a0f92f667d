import type { Executor } from "@calwebb/array";
import type { ByteSource } from "@calwebb/bytes";
import { FitsFormatError } from "@calwebb/errors";
import { openAsciiTable } from "./asciitable.js";
import { openBinTable } from "./bintable.js";
import { openCompressed } from "./compressed/image.js";
import { BLOCK, CARD, padded } from "./const.js";
import { formatError, type HduPlace, integer, show } from "./context.js";
import { type HduBase, UnknownHdu } from "./hdu.js";
import { Header } from "./header.js";
import { imageStorage, PlainImageHdu } from "./image.js";
import { bytesAt, type Plan } from "./plan.js";

/** A header larger than this is no header. */
const MAX_HEADER = 1 << 25;

const CARDS_PER_BLOCK = BLOCK / CARD;

const MAX = Number.MAX_SAFE_INTEGER;

/** How messages name an HDU: by its number and, when it has one, by its name. */
function place(index: number, header: Header): string {
  const name = header.get("EXTNAME");
  return typeof name === "string" && name !== "" ? `${index} (${show(name.trim()).slice(1, -1)})` : String(index);
}

/** Bytes as characters of the same code. */
export function latin1(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 4096) out += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return out;
}

/** Header that starts at `offset`, and its length; undefined when no header starts there. */
function* readHeader(
  source: ByteSource,
  index: number,
  offset: number,
): Plan<{ header: Header; length: number } | undefined> {
  const cards: string[] = [];
  let ask = BLOCK * 4;
  for (let at = offset; at < source.size && at - offset < MAX_HEADER; ) {
    const bytes = yield* bytesAt(at, Math.min(ask, source.size - at));
    const text = latin1(bytes);
    if (at === offset && !startsHdu(text, index)) {
      if (index > 0 && looksLikeCard(text))
        throw formatError(source.name, index, "the header", `starting with ${show(text.slice(0, 10))}`, "XTENSION=");
      return undefined;
    }
    for (let i = 0; i < text.length; i += CARD) {
      const card = text.slice(i, i + CARD);
      if (cards.length > 0 && cards.length % CARDS_PER_BLOCK === 0 && card.startsWith("XTENSION="))
        throw formatError(
          source.name,
          place(index, Header.fromRaw(cards)),
          "the header",
          `not ended before the next one starts at byte ${at + i}`,
          "an END card",
        );
      if (card.startsWith("END     ") || card.trimEnd() === "END") {
        return { header: Header.fromRaw(cards), length: padded(at - offset + i + CARD) };
      }
      if (card.length < CARD) break;
      cards.push(card);
    }
    at += bytes.length;
    ask = Math.min(ask * 2, 1 << 20);
  }
  throw formatError(
    source.name,
    index,
    "the header",
    `not ended after ${Math.min(source.size - offset, MAX_HEADER)} bytes`,
    "an END card; the file may be cut short",
  );
}

const NOT_FITS = 'it does not start with "SIMPLE  ="';

/** Whether bytes that are no header look as if they had been one: a keyword and a value. */
const looksLikeCard = (text: string): boolean => /^[ -~]{8}= [ -~]{70}$/.test(text.slice(0, CARD));

function startsHdu(text: string, index: number): boolean {
  return index === 0 ? text.startsWith("SIMPLE  =") : text.startsWith("XTENSION=");
}

/** Sizes of the axes, slowest first, and the bytes of data that the header promises. */
function layout(file: string, number: number, header: Header): { bitpix: number; shape: number[]; bytes: number } {
  const index = place(number, header);
  const bitpix = integer(file, index, header, "BITPIX", -64, 64);
  if (![8, 16, 32, 64, -32, -64].includes(bitpix))
    throw formatError(file, index, "BITPIX", String(bitpix), "8, 16, 32, 64, -32 or -64");
  const naxis = integer(file, index, header, "NAXIS", 0, 999);
  const shape: number[] = [];
  for (let i = naxis; i >= 1; i--) shape.push(integer(file, index, header, `NAXIS${i}`, 0, MAX));
  if (header.get("GROUPS") === true && naxis > 0 && shape[naxis - 1] === 0)
    throw new FitsFormatError(
      `${file}, HDU ${index}: random groups (GROUPS = T, NAXIS1 = 0) are not supported; convert the file to a binary table`,
      { file, where: `HDU ${index} GROUPS`, got: "T" },
    );
  const pcount = number === 0 ? 0 : integer(file, index, header, "PCOUNT", 0, MAX, 0);
  const gcount = number === 0 ? 1 : integer(file, index, header, "GCOUNT", 1, MAX, 1);
  const size = Math.abs(bitpix) / 8;
  let elements = naxis === 0 ? 0 : 1;
  for (const n of shape) elements *= n;
  const bytes = size * gcount * (pcount + elements);
  if (!Number.isSafeInteger(bytes))
    throw formatError(
      file,
      index,
      "the data size",
      `${show(bytes)} bytes (axes ${shape.length > 8 ? `${shape.slice(0, 8).join(" x ")} x ...` : shape.join(" x ")})`,
      "a possible size",
    );
  return { bitpix, shape, bytes };
}

function openHdu(hdu: HduPlace, header: Header, shape: number[], bitpix: number): HduBase {
  const file = hdu.source.name;
  const type = hdu.index === 0 ? "IMAGE" : (header.getString("XTENSION") ?? "").trim();
  if (type === "IMAGE" || type === "IUEIMAGE")
    return new PlainImageHdu(hdu, shape, imageStorage(hdu, header, bitpix), header);
  if (type === "BINTABLE" || type === "A3DTABLE") {
    if (shape.length !== 2 || bitpix !== 8)
      throw formatError(
        file,
        hdu.label,
        "BINTABLE",
        `BITPIX ${bitpix} with ${shape.length} axes`,
        "BITPIX 8 with 2 axes",
      );
    const table = openBinTable(hdu, header, shape[0], shape[1]);
    return header.get("ZIMAGE") === true ? openCompressed(table) : table;
  }
  if (type === "TABLE") {
    if (shape.length !== 2 || bitpix !== 8)
      throw formatError(file, hdu.label, "TABLE", `BITPIX ${bitpix} with ${shape.length} axes`, "BITPIX 8 with 2 axes");
    return openAsciiTable(hdu, header, shape[0], shape[1]);
  }
  return new UnknownHdu(hdu, header);
}

/** Every HDU of a file, headers only. */
export function* scan(source: ByteSource, warnings: string[], executor?: Executor): Plan<HduBase[]> {
  const file = source.name;
  const hdus: HduBase[] = [];
  for (let offset = 0; offset < source.size || offset === 0; ) {
    const index = hdus.length;
    const found = source.size === 0 ? undefined : yield* readHeader(source, index, offset);
    if (found === undefined) {
      if (index === 0)
        throw new FitsFormatError(`${file} is not a FITS file: ${source.size === 0 ? "it is empty" : NOT_FITS}`, {
          file,
          where: "HDU 0 SIMPLE",
          wanted: "SIMPLE  = T",
        });
      warnings.push(`${file}: ${source.size - offset} bytes after HDU ${index - 1} are not an HDU and are ignored`);
      break;
    }
    const { header, length } = found;
    const { bitpix, shape, bytes } = layout(file, index, header);
    const dataOffset = offset + length;
    if (dataOffset + bytes > source.size)
      throw new FitsFormatError(
        `${file}, HDU ${place(index, header)}: the file has ${source.size} bytes, but the header promises data (${shape.join(" x ")}, ` +
          `BITPIX ${bitpix}) up to byte ${dataOffset + bytes}; the file is cut short, fetch it again`,
        { file, where: `HDU ${index}`, got: `${source.size} bytes`, wanted: `${dataOffset + bytes} bytes` },
      );
    const where: HduPlace = {
      source,
      index,
      label: place(index, header),
      headerOffset: offset,
      dataOffset,
      dataLength: bytes,
      warnings,
      executor,
    };
    hdus.push(openHdu(where, header, shape, bitpix));
    offset = dataOffset + padded(bytes);
    if (offset > source.size) warnings.push(`${file}: the last block of HDU ${index} is not complete`);
  }
  return hdus;
}
