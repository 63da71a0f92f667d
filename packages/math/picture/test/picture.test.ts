import { inflateSync } from "node:zlib";
import { Canvas, colourTable, encodePng, encodeRgbPng, imageLevels, renderImage, zscale } from "@calwebb/picture";
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

test("a true-colour PNG holds its bytes", () => {
  const rgb = Uint8Array.from({ length: 12 }, (_, i) => i * 20);
  const png = encodeRgbPng(2, 2, rgb);
  expect([png[24], png[25]]).toEqual([8, 2]);
  const idat = 8 + 25;
  const rows = inflateSync(png.subarray(idat + 8, idat + 8 + view(png).getUint32(idat)));
  expect([...rows]).toEqual([0, ...rgb.subarray(0, 6), 0, ...rgb.subarray(6)]);
  expect(() => encodeRgbPng(3, 2, rgb)).toThrow(RangeError);
});

test("a canvas is the picture, each pixel a square, and can be drawn on", () => {
  const levels = imageLevels(Float32Array.of(0, 1, 1, 0), 2, 2, { limits: [0, 1], stretch: "linear" });
  const canvas = new Canvas(levels, colourTable("grey"), 8);
  expect([canvas.width, canvas.height]).toEqual([16, 16]);
  const red = (x: number, y: number) => [...canvas.rgb.subarray(3 * (16 * y + x), 3 * (16 * y + x) + 3)];
  expect([red(0, 0), red(15, 0)]).toEqual([
    [255, 255, 255],
    [0, 0, 0],
  ]);
  canvas.line(0, 4.5, 16, 4.5, [255, 0, 0], 1);
  expect(red(12, 4)).toEqual([255, 0, 0]);
  expect(red(12, 6)).toEqual([0, 0, 0]);
  canvas.circle(8, 8, 6, [0, 255, 0], 2);
  expect(red(13, 8)).toEqual([0, 255, 0]);
  expect(red(10, 6)).toEqual([0, 0, 0]);
  canvas.blend(-1, 3, [1, 2, 3], 1);
  canvas.letter("N", 2.5, 12, [0, 0, 255], 1);
  expect(red(0, 9)).toEqual([0, 0, 255]);
});
