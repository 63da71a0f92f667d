import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { atomicFileSink } from "@calwebb/bytes/node";
import { createModel, encodeModel, type Model } from "@calwebb/datamodels";
import { Header } from "@calwebb/fits";
import { describe, expect, test } from "vitest";
import { lookCommand } from "../src/look/command.js";
import { orientationOf } from "../src/look/orientation.js";
import { planeNumber } from "../src/look/plane.js";
import { filesIn, inFolder, run } from "./surroundings.js";

const look = (argv: string[], cwd: string) => run(lookCommand, argv, { cwd, program: "calwebb look" });

interface Picture {
  width: number;
  height: number;
  at(x: number, y: number): number[];
}

/** A true-colour PNG of ours. */
function picture(path: string): Picture {
  const png = readFileSync(path);
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const idat = png.indexOf("IDAT");
  const rows = inflateSync(png.subarray(idat + 4, idat + 4 + png.readUInt32BE(idat - 4)));
  return {
    width,
    height,
    at: (x, y) => [...rows.subarray(y * (3 * width + 1) + 1 + 3 * x, y * (3 * width + 1) + 4 + 3 * x)],
  };
}

async function save(model: Model, folder: string, name: string): Promise<void> {
  await encodeModel(model, atomicFileSink(join(folder, name)));
}

/** A ramp of values from 0 to 1 along x, with one bad pixel, the roll of the telescope in its header. */
function image() {
  const model = createModel("ImageModel", { shape: [64, 64] });
  model.data.data.forEach((_, i, data) => {
    data[i] = (i % 64) / 63;
  });
  model.dq.data[64 * 10 + 50] = 1;
  model.dq.data[64 * 10 + 52] = 4;
  return model;
}

const LINEAR = ["--limits=0,1", "--stretch=linear"];

describe("calwebb look", () => {
  test("writes a picture beside which row 0 is at the bottom", () =>
    inFolder(async (folder) => {
      const model = image();
      model.data.data.fill(0, 0, 64);
      await save(model, folder, "x_cal.fits");
      const { status, out } = await look(["x_cal.fits", ...LINEAR], folder);
      expect([status, out]).toEqual([0, "x_cal.png: SCI, 768 x 768, 0 to 1\n"]);
      const { at } = picture(join(folder, "x_cal.png"));
      expect(at(767, 0)).toEqual([252, 255, 164]);
      expect(at(767, 767)).toEqual([0, 0, 4]);
    }));

  test("flags are red and blue on grey", () =>
    inFolder(async (folder) => {
      await save(image(), folder, "x_cal.fits");
      await look(["x_cal.fits", "--dq", "--out=dq.png", ...LINEAR], folder);
      const { at } = picture(join(folder, "dq.png"));
      const y = 767 - 10 * 12;
      const [red, other, none] = [at(50 * 12 + 6, y), at(52 * 12 + 6, y), at(54 * 12 + 6, y)];
      expect(red[0]).toBeGreaterThan(red[1] + 100);
      expect(other[2]).toBeGreaterThan(other[0] + 50);
      expect(new Set(none).size).toBe(1);
    }));

  test("sources of a catalog are circled where they are", () =>
    inFolder(async (folder) => {
      await save(image(), folder, "x_cal.fits");
      writeFileSync(join(folder, "cat.ecsv"), "xcentroid ycentroid\n31.5 20.0\n");
      await look(["x_cal.fits", "--catalog=cat.ecsv", ...LINEAR], folder);
      const { at } = picture(join(folder, "x_cal.png"));
      const [cx, cy, radius] = [32 * 12, 768 - 20.5 * 12, 24];
      expect(at(cx + radius, cy)[1]).toBeGreaterThan(at(cx + radius, cy)[0] + 50);
      expect(at(cx + radius + 6, cy)[1]).toBeLessThan(at(cx + radius + 6, cy)[0]);
      writeFileSync(join(folder, "none.ecsv"), "flux\n1\n");
      expect((await look(["x_cal.fits", "--catalog=none.ecsv"], folder)).message).toMatch(/no positions/);
      writeFileSync(join(folder, "sky.ecsv"), "ra dec\n1 2\n");
      expect((await look(["x_cal.fits", "--catalog=sky.ecsv"], folder)).message).toMatch(/no world coordinates/);
      expect((await look(["x_cal.fits", "--catalog=lost.ecsv"], folder)).message).toMatch(/lost\.ecsv/);
    }));

  test("a plane of a cube or a ramp", () =>
    inFolder(async (folder) => {
      const ramp = createModel("RampModel", { shape: [2, 3, 16, 16] });
      ramp.data.data.fill(1, 4 * 256, 5 * 256);
      await save(ramp, folder, "x_ramp.fits");
      for (const plane of ["4", "1,1"]) {
        const { out } = await look(["x_ramp.fits", `--plane=${plane}`, ...LINEAR], folder);
        expect(out).toMatch(/SCI plane 4/);
        expect(picture(join(folder, "x_ramp.png")).at(5, 5)).toEqual([252, 255, 164]);
      }
      expect((await look(["x_ramp.fits", "--plane=6"], folder)).status).toBe(2);
      expect((await look(["x_ramp.fits", "--dq", "--plane=5"], folder)).status).toBe(0);
    }));

  test.each([
    [[], 2, /which file/],
    [["x_cal.fits", "y.fits"], 2, /one file/],
    [["x_cal.fits", "--stretch=cubic"], 2, /asinh, linear/],
    [["x_cal.fits", "--limits=3,1"], 2, /LOW,HIGH/],
    [["x_cal.fits", "--ext=NONE"], 2, /no image NONE; it has SCI/],
    [["x_cal.fits", "--colour=red"], 2, /no option/],
    [["text.fits"], 1, /not a FITS file/],
    [["lost.fits"], 1, /lost\.fits/],
  ])("%j: status %i", (argv, status, message) =>
    inFolder(async (folder) => {
      await save(image(), folder, "x_cal.fits");
      writeFileSync(join(folder, "text.fits"), "hello");
      expect(await look(argv, folder)).toMatchObject({ status, message: expect.stringMatching(message) });
      expect(filesIn(folder)).not.toContain("x_cal.png");
    }));
});

describe("where north is", () => {
  const close = (got: readonly number[], wanted: readonly number[]): void => {
    expect(got.length).toBe(wanted.length);
    for (const [i, v] of wanted.entries()) expect(got[i]).toBeCloseTo(v, 10);
  };
  const header = (cards: Record<string, number | string>): Header => {
    const out = new Header();
    for (const [keyword, value] of Object.entries(cards)) out.set(keyword, value);
    return out;
  };

  test.each([
    ["PC and CDELT", { PC1_1: -1, PC1_2: 0, PC2_1: 0, PC2_2: 1, CDELT1: 2, CDELT2: 2 }],
    ["CD", { CD1_1: -1e-5, CD1_2: 0, CD2_1: 0, CD2_2: 1e-5 }],
    ["roll", { ROLL_REF: 10, V3I_YANG: -10, VPARITY: -1 }],
  ])("%s: up, with east to the left", (_, cards) => {
    const { north, east } = orientationOf([header(cards)]) ?? { north: [], east: [] };
    close(north, [0, 1]);
    close(east, [-1, 0]);
  });

  test("a quarter turn", () => {
    // Moving up the image goes west.
    const { north, east } = orientationOf([header({ CD1_1: 0, CD1_2: -1, CD2_1: -1, CD2_2: 0 })]) ?? {
      north: [],
      east: [],
    };
    close(north, [-1, 0]);
    close(east, [0, -1]);
  });

  test("not known for spectra, without keywords, or with a singular matrix", () => {
    expect(orientationOf([header({ CTYPE1: "WAVE", CD1_1: 1, CD2_2: 1 })])).toBeUndefined();
    expect(orientationOf([header({})])).toBeUndefined();
    expect(orientationOf([header({ CD1_1: 1, CD1_2: 1, CD2_1: 1, CD2_2: 1 })])).toBeUndefined();
  });
});

test("planes are counted from 0, or by axis", () => {
  expect([planeNumber(undefined, [2, 3]), planeNumber("5", [2, 3]), planeNumber("1,0", [2, 3])]).toEqual([0, 5, 3]);
  for (const text of ["6", "-1", "1,3", "1,1,1", "x"]) expect(() => planeNumber(text, [2, 3])).toThrow(/no plane/);
});
