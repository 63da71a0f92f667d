export { Canvas, type Colour } from "./canvas.js";
export { COLOURS, type ColourMap, colourTable } from "./colour.js";
export { imageLevels, type LevelOptions, type Levels } from "./levels.js";
export { encodePng, encodeRgbPng, type PngImage } from "./png.js";
export { type RenderOptions, renderImage } from "./render.js";
export { type Stretch, zscale } from "./scale.js";
