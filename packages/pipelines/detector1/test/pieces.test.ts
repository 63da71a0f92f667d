import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { atomicFileSink, fileSource } from "@calwebb/bytes/node";
import { createModel, encodeModel, type ImageModel, type Model, openModel, type RampModel } from "@calwebb/datamodels";
import { group } from "@calwebb/dqflags";
import { describe, expect, test } from "vitest";
import { rowBlocks } from "../src/blocks.js";
import { obstacles } from "../src/coupled.js";
import { Detector1Pipeline } from "../src/index.js";
import { segment } from "../src/integrations.js";
import { cutToFit, leastMemory, memoryNeeded, sizeText } from "../src/memory.js";
import { MIRI_ORDER, NIR_ORDER } from "../src/order.js";

describe("memory", () => {
  const shape = { nints: 10, ngroups: 20, nrows: 1000, ncols: 1000 };

  test("an exposure that fits is not cut", () => {
    expect(cutToFit(shape, undefined)).toBeUndefined();
    expect(cutToFit(shape, memoryNeeded(shape))).toBeUndefined();
  });

  test("less memory gives smaller pieces, down to one integration", () => {
    const half = cutToFit(shape, memoryNeeded(shape) / 2);
    expect(half?.ints).toBeLessThan(10);
    expect(cutToFit(shape, leastMemory(shape))?.ints).toBe(1);
    expect(half?.rows).toBeGreaterThan(cutToFit(shape, leastMemory(shape))?.rows ?? 0);
  });

  test("what cannot be cut is refused with the amount it needs", () => {
    expect(() => cutToFit(shape, 1e6)).toThrow(sizeText(leastMemory(shape)));
    expect(leastMemory(shape, 2)).toBeGreaterThan(leastMemory(shape));
    expect(() => cutToFit(shape, leastMemory(shape), 2)).toThrow(/or fewer workers/);
    expect(() => cutToFit({ ...shape, nints: 1 }, 1e6)).toThrow(sizeText(memoryNeeded({ ...shape, nints: 1 })));
    expect(sizeText(3 * 2 ** 29)).toBe("1.5 GiB");
  });
});

describe("blocks of rows", () => {
  test.each([
    [16, 4],
    [17, 4],
    [18, 5],
    [9, 8],
    [40, 11],
  ])("cover %i rows, %i at a time, each with neighbours and a guard", (nrows, rows) => {
    const blocks = rowBlocks(nrows, rows);
    let next = 0;
    for (const b of blocks) {
      expect(b.start).toBe(next);
      next = b.end;
      if (blocks.length === 1) {
        expect(b.guard).toBeUndefined();
        continue;
      }
      // Neighbours on both sides, and the guard is none of them.
      expect(b.from).toBeGreaterThanOrEqual(0);
      expect(b.to).toBeLessThanOrEqual(nrows);
      if (b.start > 0) expect(b.from).toBeLessThan(b.start - 1);
      if (b.end < nrows) expect(b.to).toBeGreaterThan(b.end);
      const guard = b.guard as number;
      expect(guard < b.start - 1 || guard > b.end).toBe(true);
    }
    expect(next).toBe(nrows);
  });
});

describe("obstacles", () => {
  const input = createModel("RampModel", { shape: [2, 3, 4, 4] });
  const skipped = Object.fromEntries(
    ["emicorr", "picture_frame", "clean_flicker_noise", "persistence"].map((a) => [a, { params: { skip: true } }]),
  );

  test("the defaults have none", () => {
    expect(obstacles(input, NIR_ORDER, skipped, false)).toEqual([]);
    expect(obstacles(input, MIRI_ORDER, skipped, false)).toEqual([]);
  });

  test("steps that need whole images are named", () => {
    const steps = { ...skipped, jump: { params: { find_showers: true } }, emicorr: { params: {} } };
    expect(obstacles(input, MIRI_ORDER, steps, true).join()).toMatch(/emicorr.*find_showers.*ramp is to be saved/);
    expect(obstacles(input, NIR_ORDER, steps, false).join()).not.toMatch(/emicorr/);
  });

  test("persistence is one where it does more than flag groups", () => {
    const why = (params: Record<string, unknown>) =>
      obstacles(input, NIR_ORDER, { ...skipped, persistence: { params } }, false).join();
    expect(why({ persistence_time: 100 })).toBe("");
    expect(why({ algorithm: "traps" })).toMatch(/from integration to integration/);
    expect(why({ save_persistence: "a.asdf", persistence_dnu: true })).toMatch(/save_persistence.*persistence_dnu/);
  });
});

test("a segment says which integrations it has and whether it continues another", async () => {
  const ramp = createModel("RampModel", { shape: [4, 2, 3, 3], meta: { exposure: { integration_start: 11 } } });
  ramp.data.data.forEach((_, i, a) => {
    a[i] = i;
  });
  ramp.pixeldq.data[0] = 1;
  const part = await segment(ramp, 2, 4);
  expect(part.data.shape).toEqual([2, 2, 3, 3]);
  expect(part.data.get(0, 0, 0, 0)).toBe(36);
  expect([part.meta.exposure.integration_start, part.meta.exposure.integration_end]).toEqual([13, 14]);
  expect(part.tree.continues).toBe(2);
  part.pixeldq.data[0] = 7;
  expect(ramp.pixeldq.data[0]).toBe(1);
  expect((await segment(ramp, 0, 1)).tree.continues).toBeUndefined();
});

/** Unpack a truth case: its input, and its references as a resolver. */
function unpack(name: string): { input: string; folder: string; resolver: object; params: Record<string, unknown> } {
  const from = fileURLToPath(new URL(`./truth/${name}/`, import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "calwebb-pieces-"));
  mkdirSync(join(folder, "refs"));
  for (const dir of ["", "refs"])
    for (const file of readdirSync(join(from, dir)))
      if (file.endsWith(".gz"))
        writeFileSync(join(folder, dir, file.slice(0, -3)), gunzipSync(readFileSync(join(from, dir, file))));
  const truth = JSON.parse(readFileSync(join(from, "case.json"), "utf8"));
  const find = async (_: unknown, types: readonly string[]): Promise<Record<string, string>> =>
    Object.fromEntries(
      types.map((t) => {
        const path = join(folder, truth.references[t] ?? "none");
        return [t, truth.references[t] !== undefined && existsSync(path) ? path : "N/A"];
      }),
    );
  return {
    input: join(folder, truth.arguments[0]),
    folder,
    resolver: { find, prefetch: find, context: async () => "jwst_0000.pmap" },
    params: truth.parameters,
  };
}

/** Add the keyword from which persistence counts where the integrations begin. */
async function timeIntegrations(file: string): Promise<void> {
  const model = (await openModel(fileSource(file))) as RampModel;
  await model.load();
  model.meta.exposure.integration_time = 40;
  await encodeModel(model, atomicFileSink(file), { fileName: model.meta.filename });
}

const ARRAYS = ["data", "dq", "err", "var_poisson", "var_rnoise"];

describe("an exposure calibrated in pieces", () => {
  const persistence = { persistence: { skip: false, persistence_time: 60 } };
  test.each<[string, object?]>([
    ["nircam"],
    ["miri"],
    ["tso"],
    ["likely"],
    ["nirspec_gain_factor"],
    ["nircam", persistence],
    ["tso", persistence],
  ])("%s: gives the same numbers (%j)", async (name, steps = {}) => {
    const { input, folder, resolver, params } = unpack(name);
    const allSteps = { ...(params.steps as object | undefined), ...steps };
    await timeIntegrations(input);
    const run = async (out: string, memoryBudget?: number): Promise<ImageModel> => {
      mkdirSync(join(folder, out));
      const options = { resolver, memoryBudget, logger: () => log } as never;
      return (await Detector1Pipeline.call(
        input,
        { ...params, steps: allSteps, output_dir: join(folder, out) } as never,
        options,
      )) as ImageModel;
    };
    const lines: string[] = [];
    const log = { debug() {}, info: (m: string) => lines.push(m), warn() {}, error() {} };
    try {
      const whole = await run("whole");
      expect(lines.join("\n")).not.toMatch(/at a time/);
      expect(whole.dq.data.some((q) => (q & group.PERSISTENCE) !== 0)).toBe("persistence" in steps);
      const { nints, ngroups } = whole.meta.exposure as { nints: number; ngroups: number };
      const [nrows, ncols] = whole.data.shape;
      const pieces = await run("pieces", leastMemory({ nints, ngroups, nrows, ncols }));
      expect(lines.join("\n")).toMatch(/calibrating \d integrations and fitting \d+ rows at a time/);
      for (const array of ARRAYS)
        expect((pieces as unknown as Record<string, { data: unknown }>)[array].data, array).toEqual(
          (whole as unknown as Record<string, { data: unknown }>)[array].data,
        );
      const header = (model: Model): unknown[] =>
        [...model.items()].filter(
          ([path, v]) =>
            path.startsWith("meta.") &&
            typeof v !== "object" &&
            !/date|filename|cosmic_rays|emission_events|rscd.keep/.test(path),
        );
      expect(header(pieces)).toEqual(header(whole));
      expect(readdirSync(join(folder, "pieces"))).toEqual(readdirSync(join(folder, "whole")));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("is refused with the reason when a step needs whole images", async () => {
    const { input, folder, resolver, params } = unpack("nircam");
    try {
      const shape = { nints: 2, ngroups: 6, nrows: 16, ncols: 20 };
      const steps = { ...(params.steps as object), jump: { expand_large_events: true } };
      await expect(
        Detector1Pipeline.call(input, { steps } as never, { resolver, memoryBudget: leastMemory(shape) } as never),
      ).rejects.toThrow(/needs about 71 MiB.*expand_large_events/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
