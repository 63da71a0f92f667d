import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Executor, inlineExecutor, NdArray } from "@calwebb/array";
import { memorySink, memorySource } from "@calwebb/bytes";
import { fileSource } from "@calwebb/bytes/node";
import { afterAll, expect, test } from "vitest";
import { type ImageHdu, openFits, writeFits } from "../src/index.js";

const folder = mkdtempSync(join(tmpdir(), "spread-"));
afterAll(() => rmSync(folder, { recursive: true }));

const values = Uint16Array.from({ length: 3 << 21 }, (_, i) => i * 7);
const floats = Float32Array.from({ length: 1000 }, (_, i) => i / 3);

const same = ({ buffer }: ArrayBufferView): boolean =>
  Buffer.compare(Buffer.from(buffer), Buffer.from(values.buffer)) === 0;

async function bytes(): Promise<Uint8Array> {
  const sink = memorySink();
  await writeFits(
    [
      { kind: "image", data: new NdArray(values, [3, 1 << 21]) },
      { kind: "image", data: new NdArray(floats, [1000]) },
    ],
    sink,
  );
  return sink.bytes();
}

/** Counts the pieces of work that workers would get. */
function counting(): Executor & { pieces: number } {
  const executor = {
    ...inlineExecutor,
    workers: 2,
    pieces: 0,
    run: ((task, pieces, options) => {
      executor.pieces += pieces.length;
      return inlineExecutor.run(task, pieces, options);
    }) as Executor["run"],
  };
  return executor;
}

test("large images of files are read by workers, small ones and those of memory are not", async () => {
  const path = join(folder, "large.fits");
  writeFileSync(path, await bytes());
  const executor = counting();
  const file = await openFits(fileSource(path), { executor });
  const large = file.hdus[0] as ImageHdu;
  expect(same((await large.read()).data)).toBe(true);
  expect(executor.pieces).toBe(3);
  const wide = new Float32Array(new SharedArrayBuffer(4 * (values.length - 5)));
  await large.readInto(wide, 5);
  expect(executor.pieces).toBe(6);
  for (const i of [0, 1, (1 << 21) - 1, 1 << 21, wide.length - 1]) expect(wide[i]).toBe(values[i + 5]);
  expect((await (file.hdus[1] as ImageHdu).read()).data).toEqual(floats);
  await large.readInto(new Float32Array(values.length));
  expect(same(large.readSync().data)).toBe(true);
  const memory = await openFits(memorySource(await bytes()), { executor });
  await (memory.hdus[0] as ImageHdu).read();
  expect(executor.pieces).toBe(6);
  // Another file takes the name: the open one is still what is read.
  writeFileSync(`${path}.new`, "other");
  renameSync(`${path}.new`, path);
  expect(same((await large.read()).data)).toBe(true);
  expect(executor.pieces).toBe(6);
  await file.close();
});
