import { NdArray, ndarray } from "@calwebb/array";
import { scratchFile } from "@calwebb/bytes/node";
import { createModel, encodeModel, type ImageModel, ModelContainer, openModel } from "@calwebb/datamodels";
import { memoryHost } from "@calwebb/stpipe";
import { stepConformance } from "@calwebb/testing";
import { celestialFrame, frame2D, pipe, Scale, Shift, setWcs, sideBySide, Wcs } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { SkyMatchStep } from "../src/index.js";

/** 20 x 20 pixels of 0.001 degrees, the first at right ascension 10 + x0 / 1000. */
function image(x0: number, sky: number): ImageModel {
  const data = ndarray("float32", [20, 20]);
  for (let i = 0; i < 400; i++) data.data[i] = sky + (i % 2 === 0 ? 0.01 : -0.01);
  const model = createModel("ImageModel", { data, dq: ndarray("uint32", [20, 20]) });
  model.meta.filename = `jw_at${x0}_cal.fits`;
  const toSky = pipe(sideBySide(new Shift(10_000 + x0), new Shift(0)), sideBySide(new Scale(1e-3), new Scale(1e-3)));
  setWcs(model, new Wcs([{ frame: frame2D("detector"), transform: toSky }, { frame: celestialFrame("world") }]));
  return model;
}

const pair = () => new ModelContainer([image(0, 5), image(10, 7)]);
const mean = { skystat: "mean" } as const;

stepConformance(SkyMatchStep, { input: () => image(0, 5), params: { skymethod: "local" } });

describe("SkyMatchStep", () => {
  test("records the sky, subtracts it only when asked to", async () => {
    const out = await SkyMatchStep.call(pair(), mean);
    expect([...out].map((m) => m.meta.background.level)).toEqual([0, expect.closeTo(2, 2)]);
    expect([...out].map((m) => [m.meta.background.subtracted, m.meta.background.method])).toEqual([
      [false, "match"],
      [false, "match"],
    ]);
    expect((out.at(1) as ImageModel).data.get(0, 0)).toBeCloseTo(7.01, 5);
    const less = await SkyMatchStep.call(pair(), { ...mean, subtract: true });
    expect((less.at(1) as ImageModel).data.get(0, 0)).toBeCloseTo(5.01, 2);
  });

  test("flagged pixels do not count, unless they are allowed", async () => {
    const spoiled = pair();
    const first = spoiled.at(0) as ImageModel;
    for (let i = 0; i < 100; i++) {
      first.data.data[399 - i] = 105;
      first.dq.data[399 - i] = 1;
    }
    const levels = async (dqbits: string | null) =>
      [...(await SkyMatchStep.call(spoiled, { ...mean, skymethod: "local", dqbits, nclip: 0 }))].map((m) =>
        Math.round(m.meta.background.level as number),
      );
    expect(await levels("~DO_NOT_USE+NON_SCIENCE")).toEqual([5, 7]);
    expect(await levels("0")).toEqual([5, 7]);
    expect(await levels(null)).toEqual([30, 7]);
  });

  test("on disk: the same skies and data, and no pixels in memory", async () => {
    const host = { ...memoryHost({}), scratch: async () => scratchFile() };
    for (const [i, model] of [image(0, 5), image(10, 7)].entries()) {
      const sink = await host.sink(`jw_${i}_cal.fits`);
      await encodeModel(model, sink, { fileName: `jw_${i}_cal.fits` });
    }
    for (const more of [
      {},
      { subtract: true },
      { subtract: true, skymethod: "global+match" },
      { skymethod: "local" },
    ]) {
      const run = async (in_memory: boolean) => {
        const models = [];
        for (const i of [0, 1]) models.push(await openModel(await host.open(`jw_${i}_cal.fits`)));
        const out = await SkyMatchStep.call(new ModelContainer(models), { ...mean, ...more, in_memory } as never, {
          host,
        });
        return [...out] as ImageModel[];
      };
      const [memory, disk] = [await run(true), await run(false)];
      expect(disk.map((m) => m.tree.data instanceof NdArray)).toEqual([false, false]);
      for (const [i, model] of disk.entries()) {
        await model.load("data");
        expect(model.data.flat()).toEqual(memory[i].data.flat());
        expect(model.meta.background).toEqual(memory[i].meta.background);
        expect(model.meta.cal_step.skymatch).toBe("COMPLETE");
      }
    }
  });

  test("an exposure that overlaps no other is SKIPPED", async () => {
    const out = await SkyMatchStep.call(new ModelContainer([...pair(), image(500, 3)]), mean);
    expect([...out].map((m) => m.meta.cal_step.skymatch)).toEqual(["COMPLETE", "COMPLETE", "SKIPPED"]);
    expect(out.at(2)?.meta.background.level).toBeUndefined();
  });

  test("a run after another must not mix subtracted and recorded skies", async () => {
    const out = await SkyMatchStep.call(pair(), mean);
    await expect(SkyMatchStep.call(out, { ...mean, subtract: true })).rejects.toThrow(/not subtracted before/);
    (out.at(0) as ImageModel).delete("meta.background.subtracted");
    await expect(SkyMatchStep.call(out, mean)).rejects.toThrow(/BKGSUB/);
  });

  test("values of a list", async () => {
    const host = memoryHost({ files: { "list.txt": "# sky\njw_at10_i2d.fits 2.5\njw_at0_cal.fits 1\n" } });
    const params = { skymethod: "user", skylist: "list.txt", subtract: true } as const;
    const out = await SkyMatchStep.call(pair(), params, { host });
    expect([...out].map((m) => m.meta.background.level)).toEqual([1, 2.5]);
    expect((out.at(1) as ImageModel).data.get(0, 0)).toBeCloseTo(4.51, 5);
    await expect(SkyMatchStep.call(image(0, 1), params, { host })).rejects.toThrow(/2 exposures, there are 1/);
    await expect(SkyMatchStep.call(pair(), { skymethod: "user" })).rejects.toThrow(/skylist/);
  });

  test("an exposure without world coordinates is named", async () => {
    const lost = createModel("ImageModel", { shape: [4, 4] });
    lost.meta.filename = "lost_cal.fits";
    await expect(SkyMatchStep.call(lost, {})).rejects.toThrow(/lost_cal.fits has no world coordinates/);
  });
});
