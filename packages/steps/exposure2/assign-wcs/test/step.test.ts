import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createModel, type DistortionModel, type ImageModel } from "@calwebb/datamodels";
import { isCalwebbError } from "@calwebb/errors";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { Mapping, Polynomial2D, pipe, sideBySide, type Wcs, wcsOf } from "@calwebb/wcs";
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

stepConformance(AssignWcsStep, { input: exposure, references });
truthSuite(AssignWcsStep, new URL("./truth/", import.meta.url));

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
  const truth = new URL("./truth/", import.meta.url);
  test.each(readdirSync(truth).filter((name) => !name.startsWith("nirspec_")))("%s", async (name) => {
    const { encodeModel, openModel } = await import("@calwebb/datamodels");
    const { memorySink, memorySource } = await import("@calwebb/bytes");
    const folder = new URL(`${name}/`, truth);
    const {
      arguments: args,
      products,
      parameters,
      references: table,
    } = JSON.parse(readFileSync(new URL("case.json", folder), "utf8"));
    const open = (file: string) =>
      openModel(memorySource(gunzipSync(readFileSync(new URL(`${file}.gz`, folder))), file));
    const given: Record<string, unknown> = {};
    for (const [type, file] of Object.entries(table)) given[type] = file === "N/A" ? "N/A" : await open(file as string);
    const out = await AssignWcsStep.call((await open(args[0])) as ImageModel, parameters, {
      references: given as never,
      resolver,
    });
    const sink = memorySink();
    await encodeModel(out, sink);
    const saved = wcsOf(await openModel(memorySource(sink.bytes(), "saved.fits")));
    const want = wcsOf(await open(`expected/${products[0]}`));
    if (!saved || !want) {
      expect(saved).toBe(want);
      return;
    }
    const x = Float64Array.from({ length: 400 }, (_, i) => (i % 20) * 3 - 3);
    const y = Float64Array.from({ length: 400 }, (_, i) => Math.floor(i / 20) * 3 - 3);
    const [a, b] = [saved.forward(x, y), want.forward(x, y)];
    const [c, d] = [saved.inverse(...a), want.inverse(...b)];
    for (let axis = 0; axis < 2; axis++)
      for (let i = 0; i < 400; i++) {
        if (Number.isNaN(b[axis][i])) expect(a[axis][i]).toBeNaN();
        else expect(Math.abs(a[axis][i] - b[axis][i])).toBeLessThan(1e-11);
        if (!Number.isNaN(d[axis][i])) expect(Math.abs(c[axis][i] - d[axis][i])).toBeLessThan(1e-6);
      }
    expect(saved.frames).toEqual(want.frames);
    expect(saved.boundingBox?.intervals).toEqual(want.boundingBox?.intervals);
    expect(saved.footprint()).toHaveLength(4);
  });
});

describe("images of NIRSpec beside those of the reference implementation", () => {
  const truth = new URL("./truth/", import.meta.url);
  const refused = "nirspec_image_grating";
  const cases = readdirSync(truth).filter((name) => name.startsWith("nirspec_image_") && name !== refused);
  test.each(cases)("%s", async (name) => {
    const { encodeModel, openModel } = await import("@calwebb/datamodels");
    const { memorySink, memorySource } = await import("@calwebb/bytes");
    const folder = new URL(`${name}/`, truth);
    const {
      arguments: args,
      products,
      parameters,
      references: table,
    } = JSON.parse(readFileSync(new URL("case.json", folder), "utf8"));
    const open = (file: string) =>
      openModel(memorySource(gunzipSync(readFileSync(new URL(`${file}.gz`, folder))), file));
    const given: Record<string, unknown> = {};
    for (const [type, file] of Object.entries(table)) given[type] = await open(file as string);
    const input = (await open(args[0])) as ImageModel;
    const out = await AssignWcsStep.call(input, parameters, { references: given as never, resolver });
    const sink = memorySink();
    await encodeModel(out, sink);
    const have = wcsOf(await openModel(memorySource(sink.bytes(), "saved.fits")));
    const want = wcsOf(await open(`expected/${products[0]}`));
    if (!have || !want) {
      expect(have).toBe(want);
      expect(out.meta.cal_step.assign_wcs).toBe("SKIPPED");
      return;
    }
    expect(have.frames).toEqual(want.frames);
    expect(have.boundingBox?.intervals).toEqual(want.boundingBox?.intervals);
    const x = Float64Array.from({ length: 400 }, (_, i) => (i % 20) * 2);
    const y = Float64Array.from({ length: 400 }, (_, i) => Math.floor(i / 20) * 2);
    const [p, q] = [have.forward(x, y), want.forward(x, y)];
    expect(q[0].some((v) => !Number.isNaN(v))).toBe(true);
    expect(p).toHaveLength(q.length);
    for (let axis = 0; axis < q.length; axis++)
      for (let i = 0; i < 400; i++) {
        if (Number.isNaN(q[axis][i])) expect(p[axis][i]).toBeNaN();
        else expect(Math.abs(p[axis][i] - q[axis][i])).toBeLessThan(1e-11);
      }
    if (q.length > 2) return;
    const [r, t] = [have, want].map((w) => w.invert(q, { withBoundingBox: false }));
    for (let axis = 0; axis < 2; axis++)
      for (let i = 0; i < 400; i++)
        if (!Number.isNaN(t[axis][i])) expect(Math.abs(r[axis][i] - t[axis][i])).toBeLessThan(1e-6);
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
  const truth = new URL("./truth/", import.meta.url);
  test.each(["slits", "subarray", "prism", "bright", "lamp", "slices"])("%s", async (name) => {
    const { openModel } = await import("@calwebb/datamodels");
    const { memorySource } = await import("@calwebb/bytes");
    const { slitTransformsOf, slitWcs } = await import("@calwebb/nirspec-wcs");
    const folder = new URL(`nirspec_${name}/`, truth);
    const {
      arguments: args,
      products,
      parameters,
      references: table,
    } = JSON.parse(readFileSync(new URL("case.json", folder), "utf8"));
    const open = (file: string) =>
      openModel(memorySource(gunzipSync(readFileSync(new URL(`${file}.gz`, folder))), file));
    const given: Record<string, unknown> = {};
    for (const [type, file] of Object.entries(table)) given[type] = await open(file as string);
    const input = (await open(args[0])) as ImageModel;
    const out = await AssignWcsStep.call(input, parameters, { references: given as never, resolver });
    const have = wcsOf(out) as Wcs;
    const want = wcsOf(await open(`expected/${products[0]}`)) as Wcs;
    expect(have.frames).toEqual(want.frames);
    const ids = slitTransformsOf(want)?.ids ?? [0, 7, 29];
    expect(slitTransformsOf(have)?.ids ?? [0, 7, 29]).toEqual(ids);
    expect(slitTransformsOf(have)?.rows).toEqual(slitTransformsOf(want)?.rows);
    for (const id of ids) {
      const [a, b] = [slitWcs(have, id), slitWcs(want, id)];
      const [x, y] = [0, 1].map((axis) => b.boundingBox?.at(axis) as readonly [number, number]);
      for (const [axis, [low, high]] of [x, y].entries()) {
        expect(a.boundingBox?.at(axis)[0]).toBeCloseTo(low, 9);
        expect(a.boundingBox?.at(axis)[1]).toBeCloseTo(high, 9);
      }
      // Pixels from just inside one corner of the box to the other.
      const grid = (axis: readonly [number, number], of: (i: number) => number): Float64Array =>
        Float64Array.from(
          { length: 200 },
          (_, i) => Math.ceil(axis[0]) + Math.floor((of(i) / 20) * (axis[1] - axis[0])),
        );
      const pixels = [grid(x, (i) => i % 20), grid(y, (i) => 2 * Math.floor(i / 20))];
      const [p, q] = [a.forward(...pixels), b.forward(...pixels)];
      expect(q[2].some((v) => !Number.isNaN(v))).toBe(true);
      const [r, t] = [a, b].map((w) => w.invert(q, { withBoundingBox: false }));
      for (let axis = 0; axis < 3; axis++)
        for (let i = 0; i < 200; i++) {
          if (Number.isNaN(q[axis][i])) expect(p[axis][i]).toBeNaN();
          else expect(Math.abs(p[axis][i] - q[axis][i])).toBeLessThan(1e-11);
          if (axis < 2 && !Number.isNaN(t[axis][i])) expect(Math.abs(r[axis][i] - t[axis][i])).toBeLessThan(1e-6);
        }
    }
  });

  test("slices can be kept apart", async () => {
    const { slitTransformsOf } = await import("@calwebb/nirspec-wcs");
    const { openModel } = await import("@calwebb/datamodels");
    const { memorySource } = await import("@calwebb/bytes");
    const folder = new URL("nirspec_slices/", truth);
    const open = (file: string) =>
      openModel(memorySource(gunzipSync(readFileSync(new URL(`${file}.gz`, folder))), file));
    const { arguments: args, references: table } = JSON.parse(readFileSync(new URL("case.json", folder), "utf8"));
    const given: Record<string, unknown> = {};
    for (const [type, file] of Object.entries(table)) given[type] = await open(file as string);
    const input = (await open(args[0])) as ImageModel;
    const options = { references: given as never, resolver };
    const wcs = wcsOf(await AssignWcsStep.call(input, { nrs_ifu_slice_wcs: true }, options)) as Wcs;
    expect(wcs.frames.slice(0, 5)).toEqual(["detector", "sca", "gwa", "slit_frame", "slicer"]);
    expect(slitTransformsOf(wcs)?.ids).toHaveLength(30);
    // The number of the slice is the third coordinate of a pixel, and the last one of the sky.
    const { CompoundBoundingBox, Wcs: AnyWcs } = await import("@calwebb/wcs");
    const saved = AnyWcs.fromAsdf(wcs.toAsdf());
    const boxes = saved.boundingBox as InstanceType<typeof CompoundBoundingBox>;
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
