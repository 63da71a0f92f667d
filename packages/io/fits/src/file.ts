import type { Executor } from "@calwebb/array";
import { type ByteSource, type InflateOptions, inflated, inflatedSync } from "@calwebb/bytes";
import type { AsciiTableHdu } from "./asciitable.js";
import type { BinTableHdu } from "./bintable.js";
import type { UnknownHdu } from "./hdu.js";
import type { ImageHdu } from "./image.js";
import { run, runSync } from "./plan.js";
import { scan } from "./scan.js";

/** An HDU; `kind` tells which: "primary" and "image" are images. */
export type Hdu = ImageHdu | BinTableHdu | AsciiTableHdu | UnknownHdu;

/** An open file: its headers are in memory, its data is read when asked for. */
export class FitsFile {
  readonly source: ByteSource;
  readonly hdus: readonly Hdu[];
  /** Departures from the standard that could be read over. */
  readonly warnings: string[];

  constructor(source: ByteSource, hdus: readonly Hdu[], warnings: string[]) {
    this.source = source;
    this.hdus = hdus;
    this.warnings = warnings;
  }

  /** File name or URL. */
  get name(): string {
    return this.source.name;
  }

  get primary(): Hdu {
    return this.hdus[0];
  }

  /** The first HDU of this EXTNAME (case-insensitive), and of this EXTVER when that is given. */
  find(extname: string, extver?: number): Hdu | undefined {
    const name = extname.trim().toUpperCase();
    return this.hdus.find((hdu) => hdu.name === name && (extver === undefined || hdu.version === extver));
  }

  close(): Promise<void> {
    return this.source.close();
  }
}

export interface OpenOptions extends InflateOptions {
  /** Reads large images of sources that other threads can open, when they are read asynchronously. */
  executor?: Executor;
}

/**
 * Open a FITS file: headers are read and checked against the size of the file, data is not touched. A gzip file is decompressed.
 * @throws {FitsFormatError} for what is not FITS or contradicts itself, with file, HDU, keyword, found and wanted
 */
export async function openFits(source: ByteSource, options?: OpenOptions): Promise<FitsFile> {
  const plain = await inflated(source, options);
  const warnings: string[] = [];
  return new FitsFile(plain, (await run(plain, scan(plain, warnings, options?.executor))) as Hdu[], warnings);
}

/** As {@link openFits}, at once; the source must have `readSync`. */
export function openFitsSync(source: ByteSource, options?: OpenOptions): FitsFile {
  const plain = inflatedSync(source, options);
  const warnings: string[] = [];
  return new FitsFile(plain, runSync(plain, scan(plain, warnings)) as Hdu[], warnings);
}
