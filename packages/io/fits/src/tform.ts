import { bad, type HduPlace, show } from "./context.js";
import { type Storage, storage } from "./convert.js";
import type { Header } from "./header.js";
import type { ColumnInfo, ColumnType } from "./table.js";

/** How a column of a binary table is stored. */
export interface ColumnLayout {
  readonly info: ColumnInfo;
  /** TFORM letter of the elements: L X B I J K A E D C M. */
  readonly code: string;
  /** P or Q when the row holds a descriptor into the heap. */
  readonly descriptor?: "P" | "Q";
  /** Elements in a row; 0 or 1 descriptors for P and Q. */
  readonly repeat: number;
  /** Offset in the row, and bytes there. */
  readonly offset: number;
  readonly width: number;
  /** Characters of one string, for A. */
  readonly chars: number;
  /** How numbers are stored; absent for L, X and A. */
  readonly storage?: Storage;
}

const ELEMENT: Readonly<Record<string, { size: number; stored?: Storage["stored"] }>> = {
  L: { size: 1 },
  X: { size: 1 },
  A: { size: 1 },
  B: { size: 1, stored: "uint8" },
  I: { size: 2, stored: "int16" },
  J: { size: 4, stored: "int32" },
  K: { size: 8, stored: "int64" },
  E: { size: 4, stored: "float32" },
  D: { size: 8, stored: "float64" },
  C: { size: 8, stored: "float32" },
  M: { size: 16, stored: "float64" },
};

export function elementSize(code: string): number {
  return ELEMENT[code].size;
}

function parseTdim(text: string | undefined): number[] | undefined {
  const match = /^\s*\(([\d\s,]+)\)\s*$/.exec(text ?? "");
  if (match === null) return undefined;
  const dims = match[1].split(",").map((d) => Number(d.trim()));
  return dims.length > 0 && dims.every((d) => Number.isSafeInteger(d) && d >= 0) ? dims.reverse() : undefined;
}

/** Layout of column `n` (from 1) that starts at `offset` of a row. */
export function columnLayout(place: HduPlace, header: Header, n: number, offset: number): ColumnLayout {
  const tform = header.get(`TFORM${n}`);
  const wanted = "a repeat count and one of L X B I J K A E D C M P Q";
  if (typeof tform !== "string") throw bad(place, `TFORM${n}`, show(tform), wanted);
  const match = /^\s*(\d{0,15})([LXBIJKAEDCMPQ])(.*)$/s.exec(tform.toUpperCase());
  if (match === null) throw bad(place, `TFORM${n}`, show(tform), wanted);
  const repeat = match[1] === "" ? 1 : Number(match[1]);
  let code = match[2];
  let descriptor: "P" | "Q" | undefined;
  if (code === "P" || code === "Q") {
    descriptor = code;
    const element = /^([LXBIJKAEDCM])/.exec(match[3].trim());
    if (element === null || repeat > 1)
      throw bad(place, `TFORM${n}`, show(tform), "0 or 1, P or Q, and an element type");
    code = element[1];
  }
  const size = descriptor === "P" ? 8 : descriptor === "Q" ? 16 : ELEMENT[code].size;
  const width = code === "X" && descriptor === undefined ? Math.ceil(repeat / 8) : repeat * size;

  const text = (keyword: string) => header.getString(`${keyword}${n}`)?.trim() || undefined;
  const number = (keyword: string, fallback: number): number => {
    if (!header.has(`${keyword}${n}`)) return fallback;
    const value = header.getNumber(`${keyword}${n}`);
    if (value === undefined || !Number.isFinite(value))
      throw bad(place, `${keyword}${n}`, show(header.get(`${keyword}${n}`)), "a number");
    return value;
  };
  const tnull = header.get(`TNULL${n}`);
  const none = typeof tnull === "number" || typeof tnull === "bigint" ? tnull : undefined;

  const { stored } = ELEMENT[code];
  let held: Storage | undefined;
  if (stored !== undefined) {
    const scale = number("TSCAL", 1);
    const zero = number("TZERO", 0);
    // Without scaling, integers stay integers: TNULL is handed on as `null`.
    held = storage(stored, scale, zero, scale !== 1 || zero !== 0 ? none : undefined, "float64");
  }

  let tdim = descriptor === undefined ? parseTdim(header.getString(`TDIM${n}`)) : undefined;
  if (tdim !== undefined) {
    // Strings may be followed by characters that TDIM leaves out.
    const elements = tdim.reduce((a, b) => a * b, 1);
    if (code === "A" ? elements > repeat : elements !== repeat) {
      place.warnings.push(
        `${place.source.name}, HDU ${place.index}: TDIM${n} (${tdim}) does not fit TFORM${n} = ${show(tform)}; ignored`,
      );
      tdim = undefined;
    }
  }
  let shape: number[];
  let chars = 0;
  if (code === "A" && descriptor === undefined) {
    const part = Number(/^(\d{1,9})\s*$/.exec(match[3])?.[1] ?? 0);
    if (tdim !== undefined && tdim.length > 0) {
      chars = tdim[tdim.length - 1];
      shape = tdim.slice(0, -1);
    } else if (part > 0 && part < repeat) {
      chars = part;
      shape = [Math.floor(repeat / part)];
    } else {
      chars = repeat;
      shape = [];
    }
  } else shape = tdim ?? (repeat === 1 || descriptor !== undefined ? [] : [repeat]);
  return {
    info: {
      name: text("TTYPE") ?? `col${n}`,
      dtype: columnType(code, held),
      shape,
      variable: descriptor !== undefined,
      unit: text("TUNIT"),
      null: none,
      width: code === "A" && descriptor === undefined ? chars : undefined,
      display: text("TDISP"),
      tform: tform.trim(),
    },
    code,
    descriptor,
    repeat,
    offset,
    width,
    chars,
    storage: held,
  };
}

function columnType(code: string, held: Storage | undefined): ColumnType {
  switch (code) {
    case "L":
      return "bool8";
    case "X":
      return "bit";
    case "A":
      return "string";
    case "C":
      return held?.scaled ? "complex128" : "complex64";
    case "M":
      return "complex128";
    default:
      return (held as Storage).dtype;
  }
}
