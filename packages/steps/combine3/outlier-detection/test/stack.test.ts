import { inlineExecutor } from "@calwebb/array";
import { expect, test } from "vitest";
import { memoryStack } from "../src/stack.js";

test("medians of a stack of several sections, the last one shorter", async () => {
  // 2^22 values of 2999 images are sections of 1398 pixels.
  const [n, npix] = [2999, 1500];
  const stack = memoryStack(n, npix);
  const image = new Float32Array(npix);
  for (let k = 0; k < n; k++) {
    for (let p = 0; p < npix; p++) image[p] = p + ((k * 7) % n);
    await stack.add(image);
  }
  const median = await stack.median(inlineExecutor);
  expect(median).toEqual(Float32Array.from({ length: npix }, (_, p) => p + (n - 1) / 2));
});
