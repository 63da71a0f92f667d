import { memorySink, memorySource } from "@calwebb/bytes";
import { expect, test } from "vitest";
import { createModel, encodeModel, openModel, readPlanes } from "../src/index.js";

test("reads some integrations and leaves the rest in the file", async () => {
  const ramp = createModel("RampModel", { shape: [3, 2, 2, 2] });
  ramp.data.data.forEach((_, i, a) => {
    a[i] = i;
  });
  const sink = memorySink();
  await encodeModel(ramp, sink);
  const opened = await openModel(memorySource(sink.bytes().slice()), { model: "RampModel" });
  const part = await readPlanes(opened, "data", 1, 3);
  expect(part.shape).toEqual([2, 2, 2, 2]);
  expect(part.data[0]).toBe(8);
  const inMemory = await readPlanes(ramp, "data", 2, 3);
  inMemory.data[0] = -1;
  expect(ramp.data.get(2, 0, 0, 0)).toBe(16);
  await expect(readPlanes(ramp, "data", 2, 4)).rejects.toThrow(/outside/);
  await expect(readPlanes(ramp, "nothing", 0, 1)).rejects.toThrow(/nothing/);
});
