import { type Stretch, zscale } from "./scale.js";

/** How values become brightness. */
export interface LevelOptions {
  /** Display limits; default: zscale. */
  limits?: [number, number];
  stretch?: Stretch;
  /** Images larger than this are reduced by averaging blocks of pixels. */
  maxSize?: number;
}

/** Brightness of every pixel of a picture. */
export interface Levels {
  width: number;
  height: number;
  /** 0..255, top row first. */
  pixels: Uint8Array;
  /** Pixels of the image along one side of a pixel of the picture. */
  block: number;
  limits: [number, number];
}

/** Brightness 0..1 of a value 0..1. */
const CURVES: Readonly<Record<Stretch, (t: number) => number>> = {
  linear: (t) => t,
  sqrt: Math.sqrt,
  log: (t) => Math.log1p(1000 * t) / Math.log1p(1000),
  asinh: (t) => Math.asinh(t / 0.1) / Math.asinh(10),
};

/**
 * Brightness of an image: row 0 at the bottom, as astronomers look at it. Pixels that are not finite are dark.
 * @param image - [height, width] values, row-major; not modified
 */
export function imageLevels(image: Float32Array, width: number, height: number, options: LevelOptions = {}): Levels {
  const { stretch = "asinh", maxSize = 2048 } = options;
  const limits = options.limits ?? zscale(image);
  const [low, high] = limits;
  const block = Math.max(1, Math.ceil(Math.max(width, height) / maxSize));
  const w = Math.max(1, Math.floor(width / block));
  const h = Math.max(1, Math.floor(height / block));
  const curve = CURVES[stretch];
  const pixels = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      let sum = 0;
      let n = 0;
      for (let dy = 0; dy < block; dy++)
        for (let dx = 0; dx < block; dx++) {
          const v = image[(y * block + dy) * width + x * block + dx];
          if (!Number.isFinite(v)) continue;
          sum += v;
          n++;
        }
      const t = n === 0 ? 0 : Math.min(1, Math.max(0, (sum / n - low) / (high - low)));
      pixels[(h - 1 - y) * w + x] = Math.round(255 * curve(t));
    }
  }
  return { width: w, height: h, pixels, block, limits };
}
