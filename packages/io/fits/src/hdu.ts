import { addChecksum } from "./checksum.js";
import { CHUNK, padded } from "./const.js";
import type { HduPlace } from "./context.js";
import type { HeaderValue } from "./format.js";
import type { Header } from "./header.js";
import { bytesAt, type Plan, run, runSync } from "./plan.js";

export type HduKind = "primary" | "image" | "bintable" | "table" | "unknown";

const STRUCTURE = /^(BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|THEAP|TFORM\d+|TBCOL\d+)$/;

/** What all HDUs have. */
export abstract class HduBase {
  abstract readonly kind: HduKind;
  /** Position in the file, from 0. */
  readonly index: number;
  /** What the HDU means; of a compressed image this is the header of the image. */
  readonly header: Header;
  /** The header as stored: the same, but of a compressed image that of the table. */
  readonly storedHeader: Header;
  readonly place: HduPlace;
  /** Keywords that describe the stored data, with their values when the file was opened. */
  readonly structure: readonly (readonly [keyword: string, value: HeaderValue])[];

  constructor(place: HduPlace, storedHeader: Header, header: Header = storedHeader) {
    this.place = place;
    this.index = place.index;
    this.header = header;
    this.storedHeader = storedHeader;
    const keywords = storedHeader.cards.map((c) => c.keyword).filter((k) => STRUCTURE.test(k));
    this.structure = keywords.map((k) => [k, storedHeader.get(k)]);
  }

  /** EXTNAME in upper case; "PRIMARY" for a nameless primary HDU, else "". */
  get name(): string {
    const name = this.header.getString("EXTNAME")?.trim().toUpperCase();
    return name || (this.index === 0 ? "PRIMARY" : "");
  }

  /** EXTVER, 1 by default. */
  get version(): number {
    return this.header.getNumber("EXTVER") ?? 1;
  }

  protected run<T>(plan: Plan<T>): Promise<T> {
    return run(this.place.source, plan);
  }

  protected runSync<T>(plan: Plan<T>): T {
    return runSync(this.place.source, plan);
  }

  /** The data as it is in the file, without padding. */
  readBytes(): Promise<Uint8Array> {
    return this.run(bytesAt(this.place.dataOffset, this.place.dataLength));
  }

  readBytesSync(): Uint8Array {
    return this.runSync(bytesAt(this.place.dataOffset, this.place.dataLength));
  }

  /** Compare the stored bytes with CHECKSUM and DATASUM. Reads the whole HDU, piece by piece. */
  verify(): Promise<ChecksumResult> {
    return this.run(this.verifyPlan());
  }

  /** As {@link verify}, at once. */
  verifySync(): ChecksumResult {
    return this.runSync(this.verifyPlan());
  }

  private *verifyPlan(): Plan<ChecksumResult> {
    const { headerOffset, dataOffset, dataLength, source } = this.place;
    const header = this.storedHeader;
    const wanted = header.getString("DATASUM")?.trim();
    if (wanted === undefined && !header.has("CHECKSUM")) return {};
    const end = Math.min(source.size, dataOffset + padded(dataLength));
    let sum = 0;
    for (let at = dataOffset; at < end; at += CHUNK)
      sum = addChecksum(yield* bytesAt(at, Math.min(CHUNK, end - at)), sum);
    const datasum = wanted === undefined ? undefined : Number(wanted) === sum;
    if (!header.has("CHECKSUM") || header.getString("CHECKSUM") === "") return { datasum };
    const total = addChecksum(yield* bytesAt(headerOffset, dataOffset - headerOffset), sum);
    return { datasum, checksum: total === 0xffffffff || total === 0 };
  }
}

/** Whether checksums are right; undefined where there is none. */
export interface ChecksumResult {
  readonly checksum?: boolean;
  readonly datasum?: boolean;
}

/** An extension of a kind not known here: header and raw bytes. */
export class UnknownHdu extends HduBase {
  readonly kind = "unknown";
}
