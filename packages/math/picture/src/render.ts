import { type ColourMap, colourTable } from "./colour.js";
import { imageLevels, type LevelOptions } from "./levels.js";
import { encodePng } from "./png.js";

export interface RenderOptions extends LevelOptions {
  colours?: ColourMap;
}

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
  const levels = imageLevels(image, width, height, options);
  return encodePng({ ...levels, palette: colourTable(options.colours ?? "inferno") });
}
