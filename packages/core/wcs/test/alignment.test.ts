import { readFileSync } from "node:fs";
import { parseAsdfSync } from "@calwebb/asdf";
import {
  calcRotationMatrix,
  computeFiducial,
  computeScale,
  type OrientationInfo,
  parseSRegion,
  reproject,
  sRegionOf,
  Wcs,
  wcsFromFootprints,
  wcsFromSregions,
} from "@calwebb/wcs";
import { describe, expect, test } from "vitest";

interface Options {
  pscale_ratio?: number;
  pscale?: number;
  rotation?: number;
  shape?: [number, number];
  crpix?: [number, number];
  crval?: [number, number];
}
interface Field {
  info: OrientationInfo;
  regions: string[];
  centred: string;
  fiducial: [number, number];
  scale: number;
  common: Record<
    string,
    { options: Options; sky: [number[], number[]]; pixel_shape: number[]; box: [number, number][] }
  >;
}

const file = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
const truth = JSON.parse(file("alignment.json").toString()) as {
  fields: Record<string, Field>;
  rotation: { roll: number; angle: number; parity: number; matrix: number[] }[];
};
const tree = parseAsdfSync(file("alignment.asdf")).tree as Record<string, unknown[]>;

/** A difference of longitudes on the sky [deg]. */
const across = (a: number, b: number, latitude: number): number =>
  Math.abs(a - b - 360 * Math.round((a - b) / 360)) * Math.cos((latitude * Math.PI) / 180);

test("rotation matrices", () => {
  for (const { roll, angle, parity, matrix } of truth.rotation)
    expect(calcRotationMatrix(roll, angle, parity)).toEqual(matrix.map((v) => expect.closeTo(v, 15)));
});

describe.each(Object.entries(truth.fields))("the images of the field %s beside stcal", (name, field) => {
  const images = tree[name].map((node) => Wcs.fromAsdf(node));
  const { info } = field;

  test("regions of the sky", () => {
    const near = (got: string | undefined, want: string): void => {
      const [a, b] = [parseSRegion(got as string), parseSRegion(want)];
      expect(a.length).toBe(b.length);
      for (const [i, [lon, lat]] of a.entries()) {
        expect(across(lon, b[i][0], lat)).toBeLessThan(1.5e-9);
        expect(Math.abs(lat - b[i][1])).toBeLessThan(1.5e-9);
      }
    };
    for (const [i, wcs] of images.entries()) near(sRegionOf(wcs), field.regions[i]);
    near(sRegionOf(images[0], { center: true }), field.centred);
  });

  test("fiducial point and scale", () => {
    const [lon, lat] = computeFiducial(images);
    expect(across(lon, field.fiducial[0], lat)).toBeLessThan(1e-11);
    expect(lat).toBeCloseTo(field.fiducial[1], 11);
    expect(computeScale(images[0], [info.ra_ref, info.dec_ref]) / field.scale).toBeCloseTo(1, 8);
  });

  test.each(Object.entries(field.common))("common coordinates: %s", (_, want) => {
    const { pscale_ratio: pscaleRatio, ...rest } = want.options;
    const options = { ...rest, ...(pscaleRatio === undefined ? {} : { pscaleRatio }) };
    const x = Float64Array.of(0, 10.5, 120, 77);
    const y = Float64Array.of(0, 90.25, 3, 150);
    for (const out of [
      wcsFromFootprints(images, info, options),
      wcsFromSregions(
        images.map((w) => w.footprint()),
        images[0],
        info,
        options,
      ),
    ]) {
      expect(out.pixelShape).toEqual(want.pixel_shape);
      expect(out.boundingBox?.intervals).toEqual(want.box.map((pair) => pair.map((v) => expect.closeTo(v, 9))));
      const [lon, lat] = out.evaluate([x, y], { withBoundingBox: false });
      for (let i = 0; i < 4; i++) {
        expect(across(lon[i], want.sky[0][i], lat[i])).toBeLessThan(1e-9);
        expect(Math.abs(lat[i] - want.sky[1][i])).toBeLessThan(1e-9);
      }
    }
  });

  test("what one image sees, another one sees at the reprojected pixel", () => {
    const to = wcsFromFootprints(images, info);
    const [x, y] = reproject(images[1], to)(Float64Array.of(20, 64), Float64Array.of(30, 50));
    const free = { withBoundingBox: false };
    const here = images[1].evaluate([Float64Array.of(20, 64), Float64Array.of(30, 50)], free);
    const there = to.evaluate([x, y], free);
    for (let i = 0; i < 2; i++) {
      expect(across(there[0][i], here[0][i], here[1][i])).toBeLessThan(1e-11);
      expect(there[1][i]).toBeCloseTo(here[1][i], 11);
    }
  });
});
