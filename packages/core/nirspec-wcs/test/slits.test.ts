import { createModel, tableFrom } from "@calwebb/datamodels";
import { Scale, Shift, sideBySide } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { onDetector, pixelGrid, pixelsOf, slitBox } from "../src/boxes.js";
import {
  failedOpenShutters,
  isMsaFileError,
  isNirspecImage,
  isOtherLamp,
  isSpectral,
  openFixedSlits,
  openShutters,
  slitRow,
} from "../src/index.js";
import { shutterState } from "../src/metafile.js";
import { insideSlit, pixelsToSca, placeTransform } from "../src/optics.js";

const log = { info: () => undefined, warn: () => undefined };

describe("fixed slits", () => {
  test("a subarray holds one slit, other arrays all five", () => {
    const names = (subarray: string) => openFixedSlits(subarray, "S200A1", [-0.5, 0.5]).map((s) => s.name);
    expect(names("SUBS400A1")).toEqual(["S400A1"]);
    expect(names("SUB512S")).toEqual(["S1600A1"]);
    expect(names("ALLSLITS")).toEqual(["S200A1", "S200A2", "S400A1", "S1600A1", "S200B1"]);
  });

  test("the source of the primary slit is 1, those of others have two digits", () => {
    const sources = openFixedSlits("FULL", "S400A1", [-0.5, 0.5]).map((s) => s.source);
    expect(sources).toEqual([31, 32, 1, 34, 35]);
    expect(openFixedSlits("FULL", "NONE", [-0.5, 0.5])[4].source).toBe(5);
    expect(() => openFixedSlits("FULL", "S999", [-0.5, 0.5])).toThrow(/S999/);
  });

  test("records keep the order of members, the identifier last", () => {
    const [slit] = openFixedSlits("SUBS200B1", "NONE", [-0.4, 0.6]);
    expect(slitRow(slit)).toEqual(["S200B1", 4, 0, 0, 0, -0.4, 0.6, 5, 5, "", "", "", 0, 0, 0, 0, 0, 1, 1, -105]);
  });
});

/** A metadata file of columns slitlet, quadrant, row, column, source, background, primary [, fixed slit]. */
function metafile(rows: readonly (readonly [number, number, number, number, number, string, string, string?])[]) {
  const column = (k: number): Int16Array => Int16Array.from(rows, (r) => Number(r[k]));
  const words = (k: number): string[] => rows.map((r) => String(r[k] ?? "NONE"));
  const file = createModel("JwstDataModel");
  const put = (name: string, table: unknown): void => file.set(`extra_fits.${name}.data`, table);
  put(
    "SHUTTER_INFO",
    tableFrom({
      slitlet_id: column(0),
      msa_metadata_id: column(0).fill(7),
      shutter_quadrant: column(1),
      shutter_row: column(2),
      shutter_column: column(3),
      source_id: column(4),
      background: words(5),
      estimated_source_in_shutter_x: Float32Array.from(rows, () => 0.25),
      estimated_source_in_shutter_y: Float32Array.from(rows, () => Number.NaN),
      dither_point_index: column(0).fill(1),
      primary_source: words(6),
      fixed_slit: words(7),
    }),
  );
  put(
    "SOURCE_INFO",
    tableFrom({
      source_id: Int32Array.of(3),
      source_name: ["a_3"],
      alias: ["three"],
      ra: Float64Array.of(10),
      dec: Float64Array.of(-5),
      stellarity: Float64Array.of(0.5),
    }),
  );
  return file;
}
const selection = { metadataId: 7, dither: 1, program: "99", range: [-0.55, 0.55] } as const;

describe("MSA metadata", () => {
  test("a slitlet of three shutters about its source", () => {
    const file = metafile([
      [1, 2, 100, 20, 3, "Y", "N"],
      [1, 2, 100, 21, 3, "N", "Y"],
      [1, 2, 100, 22, 3, "Y", "N"],
    ]);
    const [slit] = openShutters(file, selection, log);
    expect(slit).toMatchObject({
      name: 1,
      id: 1,
      quadrant: 2,
      xcen: 100,
      ycen: 21,
      shutter: 100 + 20 * 365,
      source: 3,
    });
    expect(slit).toMatchObject({ state: "1x1", sourceName: "a_3", sourceX: -0.25, sourceY: 0, sourceRa: 10 });
    expect([slit.ymin, slit.ymax]).toEqual([expect.closeTo(-2.2, 12), expect.closeTo(2.2, 12)]);
  });

  test("a slitlet of sky has its middle as centre and its own number as source", () => {
    const file = metafile([
      [5, 1, 9, 30, 0, "Y", "N"],
      [5, 1, 9, 33, 0, "Y", "N"],
    ]);
    const [slit] = openShutters(file, selection, log);
    expect(slit).toMatchObject({ ycen: 31, source: 5, sourceName: "99_BKG5", state: "1x01" });
  });

  test("a fixed slit needs a primary source", () => {
    const file = metafile([
      [0, 5, 0, 0, 3, "N", "Y", "S200A1"],
      [0, 5, 0, 0, 3, "N", "N", "S200B1"],
    ]);
    expect(openShutters(file, selection, log).map((s) => [s.name, s.id, s.state])).toEqual([["S200A1", -101, "x"]]);
  });

  test("two primary sources, or a fixed slit that is open twice, cannot be", () => {
    const caught = (rows: Parameters<typeof metafile>[0]): unknown => {
      try {
        return openShutters(metafile(rows), selection, log);
      } catch (error) {
        return error;
      }
    };
    const twice = [1, 2, 100, 21, 3, "N", "Y"] as const;
    expect(isMsaFileError(caught([twice, twice]))).toBe(true);
    const fixed = [0, 5, 0, 0, 3, "N", "Y", "S200A1"] as const;
    expect(isMsaFileError(caught([fixed, fixed]))).toBe(true);
    expect(isMsaFileError(new Error("x"))).toBe(false);
  });

  test("states of shutters", () => {
    expect(shutterState([4, 6], 6)).toBe("10x");
    expect(() => shutterState([4, 6], 9)).toThrow(/9/);
  });
});

describe("boxes", () => {
  test("pixels whose centres are inside, both ends included", () => {
    expect(
      pixelsOf([
        [-0.5, 2.4],
        [3.2, 4.5],
      ]),
    ).toEqual({ x0: 0, x1: 2, y0: 3, y1: 4 });
    expect([
      ...pixelGrid([
        [0, 1],
        [5, 6],
      ]).x,
    ]).toEqual([0, 1, 0, 1]);
  });

  test("the ends of a slit through all wavelengths, with margins", () => {
    const box = slitBox(sideBySide(new Scale(0), new Scale(100), new Shift(0)), [1e-6, 1.1e-6], [0.5, 1]);
    // x is 0 throughout, so that it begins at the edge; y runs from 50 to 100.
    expect(box).toEqual([
      [-0.5, 9.5],
      [46.5, 101.5],
    ]);
  });

  test("what is beyond the detector, or too small", () => {
    const whole = [-0.5, 2047.5] as const;
    expect(onDetector([whole, [10, 12]])).toBe(true);
    expect(onDetector([[2048, 2047.5], whole])).toBe(false);
    expect(onDetector([whole, [-0.5, 0]])).toBe(false);
    expect(onDetector([[3, 4], whole])).toBe(false);
  });
});

describe("optics", () => {
  test("NRS2 is read the other way round", () => {
    const sca = pixelsToSca({ detector: "NRS2", xstart: 101, ystart: 1 });
    expect(sca.point(0, 47)).toEqual([1947, 2000]);
    expect(sca.inverse.point(1947, 2000)).toEqual([0, 47]);
    expect(pixelsToSca({ detector: "NRS1", xstart: 1, ystart: 5 }).point(3, 4)).toEqual([3, 8]);
  });

  test("points outside a slit have neither place nor wavelength", () => {
    const inside = insideSlit([-0.5, 0.5]);
    expect(inside.point(0, 0.5, 2)).toEqual([0, 0.5, 2]);
    expect(inside.point(0, 0.51, 2)).toEqual([0, Number.NaN, Number.NaN]);
    expect(inside.point(0, -0.6, 2)).toEqual([0, Number.NaN, Number.NaN]);
  });

  test("an aperture in its plane", () => {
    expect(placeTransform({ x: 1, y: 2, width: 0.1, height: 4 }).point(0.5, -0.5)).toEqual([1.05, 0]);
  });
});

describe("failed-open shutters", () => {
  test("any of the states counts; shutters are numbered from 1", () => {
    const closed = { Q: 1, x: 1, y: 1, state: "normal", "TA state": "normal", "Internal state": "normal" };
    const text = JSON.stringify({ msaoper: [closed, { ...closed, Q: 3, x: 5, y: 2, "TA state": "open" }] });
    expect(failedOpenShutters(text)).toMatchObject([{ name: 1, id: 1, quadrant: 3, shutter: 370, ymin: -0.5 }]);
  });

  test("other texts are refused", () => {
    expect(() => failedOpenShutters("x")).toThrow(/not JSON/);
    expect(() => failedOpenShutters("{}")).toThrow(/no list/);
    expect(() => failedOpenShutters('{"msaoper":[{"state":"open"}]}')).toThrow(/nowhere/);
  });
});

test("which exposures are spectra", () => {
  expect(isSpectral("NRS_IFU", "G140M", undefined)).toBe(true);
  expect(isSpectral("NRS_FIXEDSLIT", "MIRROR", undefined)).toBe(false);
  expect(isSpectral("NRS_LAMP", "G140M", "IFU")).toBe(true);
  expect(isSpectral("NRS_LAMP", "G140M", "IMAGE")).toBe(false);
});

describe("kinds of exposures", () => {
  test("what sees the mirror is an image, lamps go by their mode", () => {
    const kinds = (type: string, grating: string, mode?: string): string =>
      [isNirspecImage(type, grating), isSpectral(type, grating, mode), isOtherLamp(type, grating, mode)]
        .map((yes) => (yes ? "x" : "-"))
        .join("");
    expect(kinds("NRS_TACQ", "MIRROR")).toBe("x--");
    expect(kinds("nrs_wata", "G140M")).toBe("x--");
    expect(kinds("NRS_LAMP", "MIRROR", "FIXEDSLIT")).toBe("x--");
    expect(kinds("NRS_LAMP", "G140M", "FixedSlit")).toBe("-x-");
    expect(kinds("NRS_AUTOWAVE", "G140M", "IMAGE")).toBe("--x");
    expect(kinds("NRS_LAMP", "PRISM")).toBe("--x");
    expect(kinds("NRS_AUTOFLAT", "G140M", "IMAGE")).toBe("-x-");
    expect(kinds("NRS_DARK", "G140M")).toBe("---");
  });
});
