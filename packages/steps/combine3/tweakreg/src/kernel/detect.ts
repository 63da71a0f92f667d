import { defineTask, type Task } from "@calwebb/array";
import { pixel } from "@calwebb/dqflags";
import { type FinderOptions, type FinderScratch, findSources } from "@calwebb/photometry";

/** Sources of an exposure [0-based pixels]. */
export interface PixelCatalog {
  id: number[];
  x: number[];
  y: number[];
  flux: number[];
  /** How much the sources count in the alignment. */
  weight?: number[] | undefined;
}

/** An exposure to find the sources of. */
export interface Detection {
  /** [ny][nx] */
  data: Float32Array;
  /** [ny][nx] */
  dq: Uint32Array;
  ny: number;
  nx: number;
  options: FinderOptions;
  /** Memory that is overwritten: [ny][nx] each. */
  mask: Uint8Array;
  scratch: FinderScratch;
}

/** Find the sources of an exposure; pixels that are flagged as unusable or as no science pixels do not count. */
export function detectSources({ data, dq, ny, nx, options, mask, scratch }: Detection): PixelCatalog {
  const bad = pixel.NON_SCIENCE | pixel.DO_NOT_USE;
  for (let i = 0; i < mask.length; i++) mask[i] = (dq[i] & bad) === 0 ? 0 : 1;
  const found = findSources(data, undefined, mask, ny, nx, options, scratch);
  const list = found?.segments ? found.sources : (found?.stars ?? []);
  return {
    id: list.map((_, i) => i + 1),
    x: list.map((s) => s.x),
    y: list.map((s) => s.y),
    flux: list.map((s) => s.flux),
  };
}

/** {@link detectSources} for the executor. */
export const detectSourcesTask: Task<Detection, PixelCatalog> = defineTask(
  import.meta.url,
  "detectSources",
  detectSources,
);
