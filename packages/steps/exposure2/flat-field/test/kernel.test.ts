import { pixel } from "@calwebb/dqflags";
import { describe, expect, test } from "vitest";
import {
  applyFlat,
  cleanFlat,
  combineErrors,
  flatVariance,
  matchInvalid,
  orPlanes,
  scaleVariance,
  squared,
} from "../src/kernel.js";

const { DO_NOT_USE: D, NO_FLAT_FIELD: N, UNRELIABLE_FLAT: U } = pixel;

test("a flat is made usable", () => {
  const data = new Float32Array([2, 0, Number.NaN, 2, 2, 2, -0.5]);
  const dq = new Uint32Array([0, 0, 0, N, D, U, 0]);
  cleanFlat(data, dq);
  expect([...data]).toEqual([2, 1, 1, 1, 1, 2, -0.5]);
  expect([...dq]).toEqual([0, D | N, D | N, D | N, D, U, 0]);
});

describe("arithmetic", () => {
  const flat = new Float32Array([2, 0.5]);

  test("divides planes, multiplies with inverse", () => {
    const data = new Float32Array([4, 4, 6, 6]);
    applyFlat(data, flat, false);
    expect([...data]).toEqual([2, 8, 3, 12]);
    applyFlat(data, flat, true);
    expect([...data]).toEqual([4, 4, 6, 6]);
  });

  test("variances by the square", () => {
    const variance = new Float32Array([4, 4, 8, 8]);
    scaleVariance(variance, flat, false);
    expect([...variance]).toEqual([1, 16, 2, 32]);
    scaleVariance(variance, flat, true);
    expect([...variance]).toEqual([4, 4, 8, 8]);
  });

  test("variance of the flat", () => {
    const out = new Float32Array(4);
    flatVariance(new Float32Array([6, 1, 2, 0]), flat, new Float32Array([0.5, 0.25]), out);
    expect([...out]).toEqual([2.25, 0.25, 0.25, 0]);
  });

  test("errors in quadrature", () => {
    const out = new Float32Array(2);
    combineErrors([squared(new Float32Array([3, 1])), new Float32Array([16, Number.NaN])], out);
    expect([...out]).toEqual([5, Number.NaN]);
  });

  test("DQ of the flat goes to every plane", () => {
    const dq = new Uint32Array([1, 0, 0, 4]);
    orPlanes(dq, new Uint32Array([2, 8]));
    expect([...dq]).toEqual([3, 8, 2, 12]);
  });
});

describe("invalid pixels", () => {
  test("NaN anywhere or DO_NOT_USE becomes both everywhere", () => {
    const data = new Float32Array([1, Number.NaN, 3, 4]);
    const err = new Float32Array([1, 1, 1, Number.NaN]);
    const dq = new Uint32Array([0, 0, D | U, U]);
    matchInvalid([data, err], dq);
    expect([...data]).toEqual([1, Number.NaN, Number.NaN, Number.NaN]);
    expect([...err]).toEqual([1, Number.NaN, Number.NaN, Number.NaN]);
    expect([...dq]).toEqual([0, D, D | U, D | U]);
  });

  test("without DQ of the same shape only NaN counts", () => {
    const data = new Float32Array([1, Number.NaN]);
    matchInvalid([data, new Float32Array([1, 1])], null);
    expect([...data]).toEqual([1, Number.NaN]);
  });
});
