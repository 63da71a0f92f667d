import { type ColourMap, colourTable } from "./colour.js";
import { encodePng } from "./png.js";
import { type Stretch, zscale } from "./scale.js";

export interface RenderOptions {
  /** Display limits; default: zscale. */
  limits?: [number, number];
  stretch?: Stretch;
  colours?: ColourMap;
  /** Pictures larger than this are reduced by averaging blocks of pixels. */
  maxSize?: number;
}

/** Brightness 0..1 of a value 0..1. */
const CURVES: Readonly<Record<Stretch, (t: number) => number>> = {
  linear: (t) => t,
  sqrt: Math.sqrt,
  log: (t) => Math.log1p(1000 * t) / Math.log1p(1000),
  asinh: (t) => Math.asinh(t / 0.1) / Math.asinh(10),
};

/**
 * A PNG of an image: row 0 at the bottom, as astronomers look at it. Pixels that are not finite get the darkest colour.
 * @param image - [height, width] values, row-major; not modified
 */
export function renderImage(
  image: Float32Array,
  width: number,
  height: number,
  options: RenderOptions = {},
): Uint8Array {
  const { stretch = "asinh", colours = "inferno", maxSize = 2048 } = options;
  const [low, high] = options.limits ?? zscale(image);
  const block = Math.max(1, Math.ceil(Math.max(width, height) / maxSize));
  const w = Math.floor(width / block);
  const h = Math.floor(height / block);
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
  return encodePng({ width: w, height: h, pixels, palette: colourTable(colours) });
}
