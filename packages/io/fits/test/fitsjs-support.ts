import { createRequire } from "node:module";

// fitsjs 0.6.6 was written for browsers of 2014 and loads as a plain script: it needs FileReader and itself as a global.

/** An object of fitsjs; it has no types of its own. */
export interface FitsjsImage {
  blob: Blob;
  /** Absent in compressed images. */
  frameOffsets?: { begin: number }[];
  frameLength: number;
  bitpix: number;
  bzero: number;
  bscale: number;
  _getFrame(buffer: ArrayBuffer, bitpix: number, bzero: number, bscale: number): ArrayLike<number>;
  getFrame(n: number, done: (values: ArrayLike<number>) => void): void;
  getRows(row: number, n: number, done: (rows: Record<string, unknown>[]) => void): void;
}

export interface FitsjsFile {
  hdus: { header: { block: string; get(key: string): unknown }; data?: FitsjsImage }[];
}

class FileReaderPolyfill {
  onloadend: ((event: { target: unknown }) => void) | undefined;
  result: ArrayBuffer | undefined;
  readAsArrayBuffer(blob: Blob): void {
    blob.arrayBuffer().then((buffer) => {
      this.result = buffer;
      try {
        this.onloadend?.({ target: this });
      } catch (error) {
        failure?.(error);
      }
    });
  }
}

/** Takes what fitsjs throws inside its callbacks. */
let failure: ((error: unknown) => void) | undefined;

/** Run something of fitsjs that calls back; what it throws, at once or later, rejects. */
export function calledBack<T>(start: (done: (value: T) => void) => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    failure = reject;
    start(resolve);
  });
}

/** Open a file with fitsjs. */
export function openFitsjs(bytes: Uint8Array): Promise<FitsjsFile> {
  const host = globalThis as Record<string, unknown>;
  const require = createRequire(import.meta.url);
  const silent = console.warn;
  console.warn = () => {};
  host.FileReader = FileReaderPolyfill;
  const { astro } = require("fitsjs") as {
    astro: { FITS: new (blob: Blob, done: (file: FitsjsFile) => void) => unknown };
  };
  host.astro = astro;
  return calledBack<FitsjsFile>((done) => new astro.FITS(new Blob([bytes as Uint8Array<ArrayBuffer>]), done)).finally(
    () => {
      console.warn = silent;
    },
  );
}

/** Every frame of an image, decoded by fitsjs itself but without its workers. */
export async function fitsjsPixels(image: FitsjsImage): Promise<number[]> {
  const out: number[] = [];
  for (const { begin } of image.frameOffsets ?? []) {
    const buffer = await image.blob.slice(begin, begin + image.frameLength).arrayBuffer();
    out.push(...Array.from(image._getFrame(buffer, image.bitpix, image.bzero, image.bscale)));
  }
  return out;
}
