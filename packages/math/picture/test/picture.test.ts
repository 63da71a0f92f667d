import { inflateSync } from "node:zlib";
import { colourTable, encodePng, renderImage, zscale } from "@calwebb/picture";
import { expect, test } from "vitest";

const view = (png: Uint8Array) => new DataView(png.buffer, png.byteOffset);

/** Palette indices of a PNG that we wrote: header, then the one IDAT chunk. */
function decode(png: Uint8Array): { width: number; height: number; pixels: number[] } {
  const width = view(png).getUint32(16);
  const height = view(png).getUint32(20);
  const idat = 8 + 25 + 12 + 768;
  expect(String.fromCharCode(...png.subarray(idat + 4, idat + 8))).toBe("IDAT");
  const rows = inflateSync(png.subarray(idat + 8, idat + 8 + view(png).getUint32(idat)));
  const pixels: number[] = [];
  for (let y = 0; y < height; y++) pixels.push(...rows.subarray(y * (width + 1) + 1, (y + 1) * (width + 1)));
  return { width, height, pixels };
}

test("a PNG holds its pixels and the CRC of an empty IEND is the known one", () => {
  const png = encodePng({ width: 2, height: 2, pixels: Uint8Array.of(0, 1, 2, 255), palette: colourTable("grey") });
  expect(decode(png)).toEqual({ width: 2, height: 2, pixels: [0, 1, 2, 255] });
  expect(view(png).getUint32(png.length - 4)).toBe(0xae426082);
  expect(() => encodePng({ width: 3, height: 2, pixels: new Uint8Array(4), palette: colourTable("grey") })).toThrow(
    RangeError,
  );
});

test("the bottom row comes last, NaN is dark, values are limited", () => {
  const image = Float32Array.of(0, 1, Number.NaN, 5);
  const png = renderImage(image, 2, 2, { limits: [0, 1], stretch: "linear", colours: "grey" });
  expect(decode(png).pixels).toEqual([0, 255, 0, 255]);
  expect(decode(renderImage(new Float32Array(16), 4, 4, { maxSize: 2 })).width).toBe(2);
});

test("zscale keeps the background's range and ignores stars and NaN", () => {
  const image = new Float32Array(10_000);
  for (let i = 0; i < image.length; i++) image[i] = 100 + ((i * 7919) % 1000) / 100;
  image[5] = 1e6;
  image[6] = Number.NaN;
  const [low, high] = zscale(image);
  expect(low).toBeGreaterThanOrEqual(100);
  expect(high).toBeLessThan(200);
  expect(zscale(new Float32Array(9).fill(Number.NaN))).toEqual([0, 1]);
  const [a, b] = zscale(new Float32Array(100).fill(3));
  expect(b).toBeGreaterThan(a);
});
