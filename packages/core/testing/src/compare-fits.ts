import type { TypedArray } from "@calwebb/array";
import type { BinTableHdu, FitsFile, Hdu, Header, HeaderValue, ImageHdu } from "@calwebb/fits";
import { compareArrays } from "./compare-array.js";
import { headerTolerance, type Tolerance, type Tolerances, toleranceOf } from "./tolerance.js";

/** Keywords of structure, dates and versions, which two programs need not share. */
const IGNORED =
  /^(DATE|CAL_VER|CAL_VCS|CRDS_VER|CRDS_CTX|CRDS_SRV|SDP_VER|PRD_VER|PRDVER|OSS_VER|CHECKSUM|DATASUM|COMMENT|HISTORY|LONGSTRN|SIMPLE|BITPIX|NAXIS\d*|EXTEND|XTENSION|PCOUNT|GCOUNT|TFIELDS|T(FORM|TYPE|UNIT|DISP|DIM|ZERO|SCAL|NULL)\d+|BSCALE|BZERO|EXTVER|)$/;

/** Columns of dates [d]: a relative limit would hide hours. */
const TIME_COLUMN = /mjd|bjd|_time$|^time/i;
const TIME_TOLERANCE: Tolerance = { rtol: 0, atol: 1e-8, frac: 0 };

/**
 * Differences between a product and what it should be: the same HDUs (the ASDF extension is not compared), element types,
 * shapes, values within the limits, and keywords.
 * @returns sentences that begin with the HDU, none when the files agree
 */
export async function compareFits(
  expected: FitsFile,
  got: FitsFile,
  product: string,
  tolerances: Tolerances = {},
): Promise<string[]> {
  const out: string[] = [];
  const wanted = labelled(expected);
  const present = labelled(got);
  for (const label of present.keys()) if (!wanted.has(label)) out.push(`${label}: not expected`);
  for (const [label, hdu] of wanted) {
    const other = present.get(label);
    if (!other) {
      out.push(`${label}: missing`);
      continue;
    }
    out.push(...compareHeaders(hdu.header, other.header, tolerances).map((why) => `${label}: ${why}`));
    const tolerance = toleranceOf(tolerances, hdu.name, product);
    if (isTable(hdu)) {
      if (!isTable(other)) out.push(`${label}: ${other.kind} instead of a table`);
      else out.push(...(await compareTables(hdu, other, tolerance)).map((why) => `${label}.${why}`));
    } else if (isImage(hdu)) {
      if (!isImage(other)) out.push(`${label}: ${other.kind} instead of an image`);
      else out.push(...(await compareImages(hdu, other, tolerance)).map((why) => `${label}: ${why}`));
    }
  }
  return out;
}

const isTable = (hdu: Hdu): hdu is BinTableHdu => hdu.kind === "bintable";
const isImage = (hdu: Hdu): hdu is ImageHdu => hdu.kind === "primary" || hdu.kind === "image";

function labelled(file: FitsFile): Map<string, Hdu> {
  const out = new Map<string, Hdu>();
  const seen = new Map<string, number>();
  for (const hdu of file.hdus) {
    if (hdu.name === "ASDF") continue;
    const n = (seen.get(hdu.name) ?? 0) + 1;
    seen.set(hdu.name, n);
    const version = hdu.header.has("EXTVER") ? hdu.version : n;
    out.set(version === 1 ? hdu.name : `${hdu.name},${version}`, hdu);
  }
  return out;
}

async function compareImages(expected: ImageHdu, got: ImageHdu, tolerance: Tolerance): Promise<string[]> {
  if (String(expected.shape) !== String(got.shape)) return [`shape [${got.shape}] instead of [${expected.shape}]`];
  if (expected.shape.length === 0) return [];
  return compareArrays((await expected.read()).flat(), (await got.read()).flat(), tolerance);
}

async function compareTables(expected: BinTableHdu, got: BinTableHdu, tolerance: Tolerance): Promise<string[]> {
  const e = await expected.read();
  const g = await got.read();
  const names = (t: typeof e): string => t.names.map((n) => n.toLowerCase()).join(", ");
  if (names(e) !== names(g)) return [`columns ${names(g)} instead of ${names(e)}`];
  if (e.nrows !== g.nrows) return [`rows: ${g.nrows} instead of ${e.nrows}`];
  const out: string[] = [];
  for (const name of e.names) {
    const a = e.get(name);
    const b = g.get(name);
    if (Array.isArray(a) || Array.isArray(b)) {
      const text = (v: unknown): string => JSON.stringify(v, (_, x) => (typeof x === "string" ? x.trimEnd() : x));
      if (text(a) !== text(b)) out.push(`${name}: ${text(b).slice(0, 80)} instead of ${text(a).slice(0, 80)}`);
      continue;
    }
    const limits = TIME_COLUMN.test(name) ? TIME_TOLERANCE : tolerance;
    out.push(...compareArrays(a as TypedArray, b as TypedArray, limits).map((why) => `${name}: ${why}`));
  }
  return out;
}

function compareHeaders(expected: Header, got: Header, tolerances: Tolerances): string[] {
  const out: string[] = [];
  const keywords = (h: Header): string[] => h.cards.map((c) => c.keyword).filter((k) => !IGNORED.test(k));
  for (const key of keywords(expected)) {
    if (!got.has(key)) out.push(`${key} is missing (expected ${String(expected.get(key))})`);
    else if (!sameValue(key, expected.get(key), got.get(key), tolerances))
      out.push(`${key} = ${String(got.get(key))} instead of ${String(expected.get(key))}`);
  }
  for (const key of keywords(got)) if (!expected.has(key)) out.push(`${key} = ${String(got.get(key))} is not expected`);
  return out;
}

function sameValue(key: string, expected: HeaderValue, got: HeaderValue, tolerances: Tolerances): boolean {
  if (typeof expected === "string" && typeof got === "string") {
    const name = (v: string): string =>
      key.startsWith("R_") ? (v.trim().split(/[/\\]/).at(-1) ?? "").replace(/\.gz$/, "") : v.trim();
    return name(expected) === name(got);
  }
  if (typeof expected === "number" && typeof got === "number") {
    const { rtol, atol } = headerTolerance(tolerances, key);
    return expected === got || Math.abs(expected - got) <= rtol * Math.max(Math.abs(expected), Math.abs(got)) + atol;
  }
  return expected === got;
}
