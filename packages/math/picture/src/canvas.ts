import type { Levels } from "./levels.js";

/** Red, green, blue, 0..255. */
export type Colour = readonly [number, number, number];

/** Letters as rows of five dots. */
const LETTERS: Readonly<Record<string, readonly number[]>> = {
  N: [0b10001, 0b11001, 0b10101, 0b10101, 0b10011, 0b10001, 0b10001],
  E: [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
};

/** Distance of a point from the segment a-b. */
function fromSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/** A picture in true colour to draw on. Positions are in pixels from the top left corner; pixel centres are at halves. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  /** [height][width][3] */
  readonly rgb: Uint8Array;

  /**
   * @param levels - brightness of the picture
   * @param table - 256 colours, [r, g, b] each
   * @param zoom - side of a square that each pixel becomes
   */
  constructor(levels: Levels, table: Uint8Array, zoom = 1) {
    this.width = levels.width * zoom;
    this.height = levels.height * zoom;
    this.rgb = new Uint8Array(3 * this.width * this.height);
    for (let y = 0; y < this.height; y++)
      for (let x = 0; x < this.width; x++) {
        const level = levels.pixels[Math.floor(y / zoom) * levels.width + Math.floor(x / zoom)];
        const at = 3 * (y * this.width + x);
        for (let c = 0; c < 3; c++) this.rgb[at + c] = table[3 * level + c];
      }
  }

  /** Mix a colour into one pixel; outside nothing happens. */
  blend(x: number, y: number, colour: Colour, alpha: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height || alpha <= 0) return;
    const at = 3 * (y * this.width + x);
    const a = Math.min(1, alpha);
    for (let c = 0; c < 3; c++) this.rgb[at + c] = Math.round((1 - a) * this.rgb[at + c] + a * colour[c]);
  }

  /** Colour the pixels of a box by how far they are from a curve. */
  private stroke(
    box: readonly [number, number, number, number],
    colour: Colour,
    thickness: number,
    distance: (x: number, y: number) => number,
  ): void {
    const [x0, y0, x1, y1] = box;
    const edge = thickness / 2 + 0.5;
    for (let y = Math.max(0, Math.floor(y0 - edge)); y <= Math.min(this.height - 1, Math.ceil(y1 + edge)); y++)
      for (let x = Math.max(0, Math.floor(x0 - edge)); x <= Math.min(this.width - 1, Math.ceil(x1 + edge)); x++)
        this.blend(x, y, colour, edge - distance(x + 0.5, y + 0.5));
  }

  line(ax: number, ay: number, bx: number, by: number, colour: Colour, thickness = 2): void {
    const box = [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)] as const;
    this.stroke(box, colour, thickness, (x, y) => fromSegment(x, y, ax, ay, bx, by));
  }

  circle(cx: number, cy: number, radius: number, colour: Colour, thickness = 1.5): void {
    const box = [cx - radius, cy - radius, cx + radius, cy + radius] as const;
    this.stroke(box, colour, thickness, (x, y) => Math.abs(Math.hypot(x - cx, y - cy) - radius));
  }

  /** A line with a head at its second end. */
  arrow(ax: number, ay: number, bx: number, by: number, colour: Colour, thickness = 2): void {
    this.line(ax, ay, bx, by, colour, thickness);
    const length = Math.hypot(bx - ax, by - ay) || 1;
    const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
    const head = Math.min(10, length / 3);
    for (const side of [-1, 1])
      this.line(bx, by, bx - head * (ux + 0.5 * side * uy), by - head * (uy - 0.5 * side * ux), colour, thickness);
  }

  /** One of the letters N and E about a point, of dots of `size` pixels; `border` makes every dot larger by that on each side. */
  letter(name: "N" | "E", cx: number, cy: number, colour: Colour, size = 2, border = 0): void {
    LETTERS[name].forEach((row, j) => {
      for (let i = 0; i < 5; i++) {
        if (((row >> (4 - i)) & 1) === 0) continue;
        const x = Math.round(cx + (i - 2.5) * size);
        const y = Math.round(cy + (j - 3.5) * size);
        for (let dy = -border; dy < size + border; dy++)
          for (let dx = -border; dx < size + border; dx++) this.blend(x + dx, y + dy, colour, 1);
      }
    });
  }
}
