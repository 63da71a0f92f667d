import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { memorySink, memorySource } from "@calwebb/bytes";
import {
  createModel,
  type DistortionModel,
  encodeModel,
  type ImageModel,
  type Model,
  openModel,
} from "@calwebb/datamodels";
import { isCalwebbError } from "@calwebb/errors";
import { slitTransformsOf, slitWcs } from "@calwebb/nirspec-wcs";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { CompoundBoundingBox, Mapping, Polynomial2D, pipe, sideBySide, Wcs, wcsOf } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { AssignWcsStep } from "../src/index.js";

function exposure(type = "NRC_IMAGE"): ImageModel {
  return createModel("ImageModel", {
    shape: [20, 24],
    meta: {
      instrument: {
        name: type.startsWith("FGS") ? "FGS" : "NIRCAM",
        detector: "NRCB1",
        filter: "F150W",
        pupil: "CLEAR",
      },
      exposure: { type },
      subarray: { xstart: 1, ystart: 1, xsize: 24, ysize: 20 },
      wcsinfo: { v2_ref: 100, v3_ref: -200, roll_ref: 30, ra_ref: 200, dec_ref: -40, v3yangle: 0, vparity: -1 },
    },
  });
}

function reference(): DistortionModel {
  const transform = pipe(
    new Mapping([0, 1, 0, 1]),
    sideBySide(new Polynomial2D(Float64Array.of(100, 0, 0.03, 0)), new Polynomial2D(Float64Array.of(-200, 0.03, 0, 0))),
  );
  const model = createModel("DistortionModel");
  model.model = transform.toAsdf();
  return model;
}

/** Answers every look-up with "does not apply". */
const resolver = {
  find: async (_: unknown, types: readonly string[]) => Object.fromEntries(types.map((t) => [t, "N/A"])),
  prefetch: async () => ({}),
  context: async () => "",
};
const references = () => ({ distortion: reference() });
const call = (input: ImageModel, params = {}) =>
  AssignWcsStep.call(input, params, { references: references(), resolver });

const truth = new URL("./truth/", import.meta.url);
const truthCases = readdirSync(truth);

/** A truth case: what the step makes of its input, and what the reference implementation made of it. */
async function truthCase(
  name: string,
  params = {},
): Promise<{ out: ImageModel; want: () => Promise<Wcs | undefined> }> {
  const folder = new URL(`${name}/`, truth);
  const {
    arguments: args,
    products,
    parameters,
    references: table,
  } = JSON.parse(readFileSync(new URL("case.json", folder), "utf8"));
  const open = (file: string): Promise<Model> =>
    openModel(memorySource(gunzipSync(readFileSync(new URL(`${file}.gz`, folder))), file));
  const given: Record<string, unknown> = {};
  for (const [type, file] of Object.entries(table)) given[type] = file === "N/A" ? "N/A" : await open(file as string);
  const input = (await open(args[0])) as ImageModel;
  const out = await AssignWcsStep.call(input, { ...parameters, ...params }, { references: given as never, resolver });
  return { out, want: async () => wcsOf(await open(`expected/${products[0]}`)) };
}

/** The world coordinates of a model after it has been written and read. */
async function savedWcs(model: Model): Promise<Wcs | undefined> {
  const sink = memorySink();
  await encodeModel(model, sink);
  return wcsOf(await openModel(memorySource(sink.bytes(), "saved.fits")));
}

/** 20 x 20 pixels. */
const pixels = (start: number, step: number): Float64Array[] =>
  [(i: number) => i % 20, (i: number) => Math.floor(i / 20)].map((of) =>
    Float64Array.from({ length: 400 }, (_, i) => of(i) * step + start),
  );

/** Largest difference where the wanted values are numbers; infinite where one is a number and the other should not be, if `strict`. */
function largest(have: readonly Float64Array[], want: readonly Float64Array[], strict: boolean): number {
  if (have.length !== want.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (const [axis, values] of want.entries())
    for (const [i, v] of values.entries()) {
      const found = have[axis][i];
      if (!Number.isNaN(v))
        worst = Math.max(worst, Number.isNaN(found) ? Number.POSITIVE_INFINITY : Math.abs(found - v));
      else if (strict && !Number.isNaN(found)) return Number.POSITIVE_INFINITY;
    }
  return worst;
}

/** The sky is the same to rounding. */
const expectSame = (have: readonly Float64Array[], want: readonly Float64Array[]): void =>
  expect(largest(have, want, true)).toBeLessThan(1e-11);

/** Pixels are the same to what an iteration finds. */
const expectNear = (have: readonly Float64Array[], want: readonly Float64Array[]): void =>
  expect(largest(have, want, false)).toBeLessThan(1e-6);

stepConformance(AssignWcsStep, { input: exposure, references });
truthSuite(AssignWcsStep, truth);

describe("AssignWcsStep", () => {
  test("the corners are where the WCS has them", async () => {
    const out = await call(exposure());
    const wcs = wcsOf(out) as Wcs;
    expect(wcs.frames).toEqual(["detector", "v2v3", "v2v3vacorr", "world"]);
    const [ra, dec] = wcs.forwardTransform.point(0, 0);
    expect([ra, dec]).toEqual([expect.closeTo(200, 11), expect.closeTo(-40, 11)]);
    expect(out.meta.wcsinfo.s_region).toMatch(/^POLYGON ICRS {2}(?:-?\d+\.\d{9} ?){8}$/);
    expect(out.meta.wcsinfo.ctype1).toBe("RA---TAN");
    expect(out.meta.wcsinfo.cd1_1).toBeDefined();
  });

  test("darks and flats are skipped, spectra and nameless exposures refused with one sentence", async () => {
    expect((await call(exposure("FGS_DARK"))).meta.cal_step.assign_wcs).toBe("SKIPPED");
    await expect(call(exposure("NRC_WFSS"))).rejects.toThrow(/exposures of type NRC_WFSS are not implemented/);
    const nameless = exposure();
    nameless.delete("meta.exposure.type");
    await expect(call(nameless)).rejects.toThrow(/does not say its type/);
  });

  test("an exposure that does not say where it points is refused by the name of the keyword", async () => {
    const lost = exposure();
    lost.delete("meta.wcsinfo.roll_ref");
    const failure = await call(lost).catch((e: unknown) => e);
    expect(isCalwebbError(failure, "StepFailed")).toBe(true);
    expect(String(failure)).toMatch(/ROLL_REF is missing/);
  });

  test("without a distortion nothing can be done", async () => {
    const run = AssignWcsStep.call(exposure(), {}, { references: { distortion: "N/A" }, resolver });
    await expect(run).rejects.toThrow(/needs a distortion reference/);
  });
});

describe("world coordinates beside those of the reference implementation", () => {
  test.each(truthCases.filter((name) => !name.startsWith("nirspec_")))("%s", async (name) => {
    const { out, want: wanted } = await truthCase(name);
    const [saved, want] = [await savedWcs(out), await wanted()];
    if (!saved || !want) {
      expect(saved).toBe(want);
      return;
    }
    const grid = pixels(-3, 3);
    const [a, b] = [saved.forward(...grid), want.forward(...grid)];
    expectSame(a, b);
    expectNear(saved.inverse(...a), want.inverse(...b));
    expect(saved.frames).toEqual(want.frames);
    expect(saved.boundingBox?.intervals).toEqual(want.boundingBox?.intervals);
    expect(saved.footprint()).toHaveLength(4);
  });
});

describe("images of NIRSpec beside those of the reference implementation", () => {
  const refused = "nirspec_image_grating";
  const cases = truthCases.filter((name) => name.startsWith("nirspec_image_") && name !== refused);
  test.each(cases)("%s", async (name) => {
    const { out, want: wanted } = await truthCase(name);
    const [have, want] = [await savedWcs(out), await wanted()];
    if (!have || !want) {
      expect(have).toBe(want);
      expect(out.meta.cal_step.assign_wcs).toBe("SKIPPED");
      return;
    }
    expect(have.frames).toEqual(want.frames);
    expect(have.boundingBox?.intervals).toEqual(want.boundingBox?.intervals);
    const grid = pixels(0, 2);
    const [p, q] = [have.forward(...grid), want.forward(...grid)];
    expect(q[0].some((v) => !Number.isNaN(v))).toBe(true);
    expectSame(p, q);
    if (q.length > 2) return;
    const [r, t] = [have, want].map((w) => w.invert(q, { withBoundingBox: false }));
    expectNear(r, t);
  });

  test("the slices of the IFU need a grating or the prism", async () => {
    const input = exposure("NRS_IFU");
    Object.assign(input.meta.instrument, { name: "NIRSPEC", detector: "NRS1", filter: "F110W", grating: "MIRROR" });
    await expect(AssignWcsStep.call(input, {}, { references: {}, resolver })).rejects.toThrow(
      /NRS_IFU with the mirror/,
    );
  });
});

describe("spectra of NIRSpec beside those of the reference implementation", () => {
  test.each(["slits", "subarray", "prism", "bright", "lamp", "slices"])("%s", async (name) => {
    const { out, want: wanted } = await truthCase(`nirspec_${name}`);
    const [have, want] = [wcsOf(out), await wanted()] as [Wcs, Wcs];
    expect(have.frames).toEqual(want.frames);
    const ids = slitTransformsOf(want)?.ids ?? [0, 7, 29];
    expect(slitTransformsOf(have)?.ids ?? [0, 7, 29]).toEqual(ids);
    expect(slitTransformsOf(have)?.rows).toEqual(slitTransformsOf(want)?.rows);
    for (const id of ids) {
      const [a, b] = [slitWcs(have, id), slitWcs(want, id)];
      const box = [0, 1].map((axis) => b.boundingBox?.at(axis) as readonly [number, number]);
      for (const [axis, [low, high]] of box.entries()) {
        expect(a.boundingBox?.at(axis)[0]).toBeCloseTo(low, 9);
        expect(a.boundingBox?.at(axis)[1]).toBeCloseTo(high, 9);
      }
      // Pixels from just inside one corner of the box to the other.
      const within = pixels(0, 1).map((parts, axis) =>
        parts.map((v) => Math.ceil(box[axis][0]) + Math.floor((v / 20) * (box[axis][1] - box[axis][0]))),
      );
      const [p, q] = [a.forward(...within), b.forward(...within)];
      expect(q[2].some((v) => !Number.isNaN(v))).toBe(true);
      expectSame(p, q);
      const [r, t] = [a, b].map((w) => w.invert(q, { withBoundingBox: false }).slice(0, 2));
      expectNear(r, t);
    }
  });

  test("slices can be kept apart", async () => {
    const { out } = await truthCase("nirspec_slices", { nrs_ifu_slice_wcs: true });
    const wcs = wcsOf(out) as Wcs;
    expect(wcs.frames.slice(0, 5)).toEqual(["detector", "sca", "gwa", "slit_frame", "slicer"]);
    expect(slitTransformsOf(wcs)?.ids).toHaveLength(30);
    // The number of the slice is the third coordinate of a pixel, and the last one of the sky.
    const saved = Wcs.fromAsdf(wcs.toAsdf());
    const boxes = saved.boundingBox as CompoundBoundingBox;
    expect(boxes).toBeInstanceOf(CompoundBoundingBox);
    const [x, y] = [0, 1].map((axis) => {
      const [low, high] = boxes.box(0)?.at(axis) ?? [0, 0];
      return Float64Array.of(Math.round((low + high) / 2));
    });
    const [, , lam, slice] = saved.forward(x, y, Float64Array.of(0));
    expect(slice[0]).toBe(0);
    expect(lam[0]).toBeGreaterThan(0.6);
    // The same pixel is not in the slice after the next.
    expect(saved.forward(x, y, Float64Array.of(2))[2][0]).toBeNaN();
  });
});
