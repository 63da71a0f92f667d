import { absoluteDerivative, flagPlain, flagResampled } from "@calwebb/outlier-detection/kernel";
import { expect, test } from "vitest";

test("a cosmic ray and its fainter neighbour are found, noise and the flank of a star are not", () => {
  const [nx, ny] = [7, 5];
  const model = new Float32Array(nx * ny).fill(10);
  model[8] = 200;
  const data = model.slice();
  data[8] = 150;
  data[24] = 60;
  data[25] = 14.5;
  data[3] = 14.5;
  const err = new Float32Array(nx * ny).fill(1);
  expect(absoluteDerivative(model, nx, ny)[8]).toBe(190);
  const found = flagResampled({ data, err, model, nx, ny, snr: [5, 4], scale: [1.2, 0.7], background: 0 });
  expect([...found.keys()].filter((p) => found[p] === 1)).toEqual([24, 25]);
  expect([...flagPlain(data, err, model, 5).keys()].filter((p) => flagPlain(data, err, model, 5)[p] === 1)).toEqual([
    8, 24,
  ]);
});
