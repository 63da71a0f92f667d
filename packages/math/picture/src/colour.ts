/** Names of the colour maps. */
export type ColourMap = "grey" | "inferno" | "blue";

/** Colours that the maps pass through, evenly spaced from dark to bright [r, g, b]. */
export const COLOURS: Readonly<Record<ColourMap, readonly (readonly [number, number, number])[]>> = {
  grey: [
    [0, 0, 0],
    [255, 255, 255],
  ],
  inferno: [
    [0, 0, 4],
    [40, 11, 84],
    [101, 21, 110],
    [159, 42, 99],
    [212, 72, 66],
    [245, 125, 21],
    [250, 193, 39],
    [252, 255, 164],
  ],
  blue: [
    [4, 6, 20],
    [20, 50, 110],
    [60, 130, 200],
    [180, 220, 245],
    [255, 255, 255],
  ],
};

/** A palette of 256 colours, [r, g, b] each, interpolated linearly. */
export function colourTable(name: ColourMap): Uint8Array {
  const stops = COLOURS[name];
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (stops.length - 1);
    const k = Math.min(stops.length - 2, Math.floor(at));
    for (let c = 0; c < 3; c++) table[3 * i + c] = Math.round(stops[k][c] + (at - k) * (stops[k + 1][c] - stops[k][c]));
  }
  return table;
}
