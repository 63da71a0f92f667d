export { COLOURS, type ColourMap, colourTable } from "./colour.js";
export { encodePng, type PngImage } from "./png.js";
export { type RenderOptions, renderImage } from "./render.js";
export { type Stretch, zscale } from "./scale.js";
