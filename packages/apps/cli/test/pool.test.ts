import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { allocate, inlineExecutor, type Task } from "@calwebb/array";
import { isCalwebbError } from "@calwebb/errors";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collecting } from "../src/gc.js";
import { packError, unpackError } from "../src/pool/message.js";
import { makePool, type Pool } from "../src/pool/pool.js";
import { fail, scale, slow } from "./tasks.mjs";

const script = join(tmpdir(), `calwebb-worker-${process.pid}.mjs`);
const module = new URL("./tasks.mjs", import.meta.url).href;
const task = <A, R>(name: string, fn: (args: A) => R | Promise<R>): Task<A, R> => ({ module, name, fn });
let pool: Pool;
beforeAll(() => {
  buildSync({
    entryPoints: [fileURLToPath(new URL("../src/pool/worker.ts", import.meta.url))],
    outfile: script,
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@calwebb/source"],
  });
  pool = makePool(2, pathToFileURL(script));
});
afterAll(async () => {
  await pool.close();
  rmSync(script, { force: true });
});

interface ScaleArgs {
  data: Float32Array;
  start: number;
  end: number;
  factor: number;
}
const scaleTask = task<ScaleArgs, number>("scale", scale);
const pieces = (data: Float32Array): ScaleArgs[] =>
  [0, 1, 2, 3].map((i) => ({ data, start: i * 4, end: i * 4 + 4, factor: i + 1 }));

test.each([
  ["shared memory", () => allocate("float32", 16)],
  ["memory of its own", () => new Float32Array(16)],
  ["a part of a larger buffer", () => new Float32Array(new ArrayBuffer(96), 16, 16)],
])("changes arrays in %s as on one thread", async (_what, make) => {
  const [inline, pooled] = [make().fill(1), make().fill(1)];
  const done: number[] = [];
  const a = await inlineExecutor.run(scaleTask, pieces(inline));
  const b = await pool.run(scaleTask, pieces(pooled), { onDone: (n) => done.push(n) });
  expect(b).toEqual(a);
  expect(Array.from(pooled)).toEqual(Array.from(inline));
  expect(pooled[15]).toBe(4);
  expect(done).toEqual([1, 2, 3, 4]);
});

test("results come in the order of the pieces", async () => {
  const slowTask = task<{ ms: number }, number>("slow", slow);
  expect(await pool.run(slowTask, [{ ms: 60 }, { ms: 1 }, { ms: 30 }])).toEqual([60, 1, 30]);
});

test("many pieces are all done", async () => {
  const slowTask = task<{ ms: number }, number>("slow", slow);
  const times = Array.from({ length: 20 }, (_, i) => (i * 7) % 5);
  expect(
    await pool.run(
      slowTask,
      times.map((ms) => ({ ms })),
    ),
  ).toEqual(times);
});

test("an error of a piece reaches the caller, and the pool goes on", async () => {
  const failing = task<{ message: string }, never>("fail", fail);
  await expect(pool.run(failing, [{ message: "boom" }, { message: "boom" }])).rejects.toThrow("boom");
  expect(await pool.run(scaleTask, pieces(new Float32Array(16)))).toEqual([4, 4, 4, 4]);
});

test("an abort ends waiting work", async () => {
  const own = makePool(2, pathToFileURL(script));
  const controller = new AbortController();
  const slowTask = task<{ ms: number }, number>("slow", slow);
  const work = own.run(slowTask, Array(6).fill({ ms: 5000 }), { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  const error = await work.catch((e: unknown) => e);
  expect(isCalwebbError(error, "Cancelled")).toBe(true);
  await own.close();
});

test("errors keep kind and fields between threads", async () => {
  const { FitsFormatError } = await import("@calwebb/errors");
  const sent = structuredClone(packError(new FitsFormatError("bad", { file: "x", cause: new Error("why") })));
  const got = unpackError(sent);
  expect(isCalwebbError(got, "FitsFormatError") && got.fields.file).toBe("x");
  expect((got.cause as Error).message).toBe("why");
});

test("an executor that frees memory gives the same, and lets go of what nobody uses", async () => {
  const executor = collecting(inlineExecutor);
  expect(executor.workers).toBe(1);
  const gone = new WeakRef(allocate("uint8", 1 << 28));
  await new Promise((resolve) => setTimeout(resolve, 0));
  const slowTask = task<{ ms: number }, number>("slow", slow);
  const runs = [1, 2].map(() => executor.run(slowTask, [{ ms: 50 }, { ms: 1 }]));
  expect(await Promise.all(runs)).toEqual([
    [50, 1],
    [50, 1],
  ]);
  expect(gone.deref()).toBeUndefined();
});

test("threads that are started before there is work do it", async () => {
  const own = makePool(2, pathToFileURL(script));
  own.start();
  own.start();
  expect(await own.run(scaleTask, pieces(new Float32Array(16)))).toEqual([4, 4, 4, 4]);
  await own.close();
});
