import { encodeAsdfSync, parseAsdfSync, Tagged } from "@calwebb/asdf";
import {
  BoundingBox,
  calcRotationMatrix,
  celestialFrame,
  combineSRegions,
  computeFiducial,
  computeRollRef,
  computeScale,
  dvaCorrection,
  FitsImaging,
  fitSip,
  frame2D,
  Identity,
  Mapping,
  OpaqueTransform,
  Polynomial2D,
  Projection,
  parseSRegion,
  pipe,
  RotateNative2Celestial,
  reproject,
  Scale,
  Shift,
  separation,
  sideBySide,
  sRegion,
  sRegionOf,
  type Transform,
  transformFromAsdf,
  v23ToSky,
  Wcs,
  wcsFromFootprints,
  wcsFromSregions,
} from "@calwebb/wcs";
import { describe, expect, test } from "vitest";

const f = (...v: number[]) => Float64Array.from(v);
const tan = new Projection("gnomonic", "pix2sky");

/** 100 x 200 pixels of 1e-4 deg around (10, 20). */
function image(crval: [number, number] = [10, 20], shift = 0): Wcs {
  const transform = new FitsImaging({
    crpix: [49.5 + shift, 99.5],
    crval,
    cdelt: [1e-4, 1e-4],
    pc: [-1, 0, 0, 1],
    projection: tan,
  }).withBoundingBox([
    [-0.5, 99.5],
    [-0.5, 199.5],
  ]);
  return new Wcs([{ frame: frame2D("detector"), transform }, { frame: celestialFrame("world") }]);
}

describe("formulas", () => {
  test("TAN: the worked example of Calabretta & Greisen (2002), section 7.4.1", () => {
    // Their header: CRPIX 257, 257, CDELT -0.0666667 deg, +0.0666667 deg, CRVAL 45.83, 63.57, LONPOLE 180.
    const [x, y] = [((1 - 257) * -1) / 15, (2 - 257) / 15];
    const [phi, theta] = tan.point(x, y);
    const r = Math.hypot(x, y);
    expect(theta).toBeCloseTo((Math.atan(180 / Math.PI / r) * 180) / Math.PI, 12);
    expect((phi + 360) % 360).toBeCloseTo((Math.atan2(x, -y) * 180) / Math.PI, 12);
    const [ra, dec] = new RotateNative2Celestial(45.83, 63.57, 180).point(phi, theta);
    expect(separation(45.83, 63.57, ra, dec)).toBeCloseTo(90 - theta, 11);
  });

  test("the native pole is the reference point, the pole of the sky lies at its polar distance", () => {
    const rotation = new RotateNative2Celestial(30, 40, 180);
    const [ra, dec] = rotation.point(0, 90);
    expect(ra).toBeCloseTo(30, 12);
    expect(dec).toBeCloseTo(40, 12);
    expect(rotation.point(180, 40)[1]).toBeCloseTo(90, 6);
  });

  test("V2, V3 of the reference point is its place on the sky, V3 points along the roll", () => {
    const p = { v2Ref: 120.5, v3Ref: -527.4, rollRef: 35, raRef: 200, decRef: -45 };
    const sky = v23ToSky(p);
    const [ra, dec] = sky.point(p.v2Ref, p.v3Ref);
    expect(ra).toBeCloseTo(200, 12);
    expect(dec).toBeCloseTo(-45, 12);
    const [ra2, dec2] = sky.point(p.v2Ref, p.v3Ref + 0.01);
    const angle = Math.atan2((ra2 - ra) * Math.cos((dec * Math.PI) / 180), dec2 - dec);
    expect((angle * 180) / Math.PI).toBeCloseTo(35, 5);
    expect(computeRollRef(p, p.v2Ref, p.v3Ref)).toBeCloseTo(35, 10);
    const [v2, v3] = sky.inverse.point(ra, dec);
    expect(v2).toBeCloseTo(p.v2Ref, 9);
    expect(v3).toBeCloseTo(p.v3Ref, 9);
  });

  test("the rotation of old products is the one of today", () => {
    const p = { v2Ref: 120.5, v3Ref: -527.4, rollRef: 35, raRef: 200, decRef: -45 };
    const old = transformFromAsdf(
      new Tagged("tag:stsci.edu:jwst_pipeline/v23tosky-0.7.0", {
        angles: [-120.5 / 3600, -527.4 / 3600, -35, 45, 200],
        axes_order: "zyxyz",
      }),
    );
    const [ra, dec] = v23ToSky(p).point(300, -100);
    expect(old.point(300 / 3600, -100 / 3600)).toEqual([expect.closeTo(ra, 11), expect.closeTo(dec, 11)]);
    expect(old.inverse.point(ra, dec)[0] * 3600).toBeCloseTo(300, 8);
  });

  test("velocity aberration scales about the reference point", () => {
    const t = dvaCorrection(1.0001, 100, -200);
    expect(t.point(100, -200)).toEqual([100, -200]);
    expect(t.point(101, -200)[0]).toBeCloseTo(101.0001, 12);
    expect(dvaCorrection(1)).toBeInstanceOf(Identity);
    expect(() => dvaCorrection(-1)).toThrow(/VA_SCALE|not positive/);
  });

  test("blocks do not show: many points are like single ones, also across the pole and the ends of the circle", () => {
    const t = v23ToSky({ v2Ref: 0, v3Ref: 0, rollRef: 10, raRef: 0.0001, decRef: 89.99 });
    const n = 9000;
    const x = Float64Array.from({ length: n }, (_, i) => (i % 300) - 150);
    const y = Float64Array.from({ length: n }, (_, i) => 10 * Math.floor(i / 300) - 150);
    const [ra, dec] = t.evaluate([x, y]);
    for (let i = 0; i < n; i += 97) {
      const [a, d] = t.point(x[i], y[i]);
      expect(separation(ra[i], dec[i], a, d)).toBeLessThan(1e-12);
    }
    expect(ra.every((v) => v >= 0 && v <= 360)).toBe(true);
  });
});

describe("compounds", () => {
  test("numbers of coordinates have to fit", () => {
    expect(() => pipe(new Identity(2), new Shift(1))).toThrow(/gives 2 coordinates/);
    expect(() => new Shift(1).evaluate([f(1), f(2)])).toThrow(/takes 1 coordinates/);
    expect(() => new Identity(2).evaluate([f(1), f(2, 3)])).toThrow(/different lengths/);
    expect(() => new Mapping([0, 0], 2).inverse).toThrow(/no inverse/);
  });

  test("the inverse of a pipe runs backwards", () => {
    const t = pipe(sideBySide(new Shift(2), new Scale(4)), new Mapping([1, 0]));
    expect(t.point(1, 3)).toEqual([12, 3]);
    expect(t.inverse.point(12, 3)).toEqual([1, 3]);
  });

  test("copies leave the original as it is", () => {
    const t = new Shift(1);
    const named = t.named("x").withBoundingBox([[0, 1]]);
    expect([t.name, t.boundingBox]).toEqual([undefined, undefined]);
    expect([named.name, named.boundingBox?.at(0)]).toEqual(["x", [0, 1]]);
    expect(new BoundingBox([[0, 1], undefined]).contains([0.5, 99])).toBe(true);
  });

  test("a kind that is not known survives, and says so when it is evaluated", () => {
    const raw = new Tagged("tag:stsci.edu:jwst_pipeline/made_up-1.0.0", {
      inputs: ["x"],
      outputs: ["y"],
      deep: [{ a: 1 }],
    });
    const t = transformFromAsdf(raw);
    expect(t).toBeInstanceOf(OpaqueTransform);
    expect(pipe(new Shift(1), t).toAsdf().value).toMatchObject({ forward: [{}, raw] });
    expect(() => t.point(1)).toThrow(/made_up-1.0.0 cannot be evaluated/);
  });

  test("a transform used twice is one node with an anchor", () => {
    const shared = new Polynomial2D(f(1, 2, 3, 0));
    const text = new TextDecoder("latin1").decode(encodeAsdfSync({ t: sideBySide(shared, shared).toAsdf() }));
    expect(text.match(/polynomial-/g)).toHaveLength(1);
    const tree = parseAsdfSync(encodeAsdfSync({ t: sideBySide(shared, shared).toAsdf() })).tree;
    expect(transformFromAsdf(tree.t).point(1, 1, 2, 2)).toEqual([6, 11]);
  });
});

describe("Wcs", () => {
  test("points outside the bounding box are NaN, unless they are wanted", () => {
    const wcs = image();
    expect(wcs.forward(f(-0.5, -0.6), f(0, 0))[0].map(Number.isNaN as never)).toEqual(f(0, 1));
    expect(wcs.evaluate([f(-9), f(0)], { withBoundingBox: false })[0][0]).not.toBeNaN();
    const [ra, dec] = wcs.evaluate([f(5, 150), f(7, 7)], { withBoundingBox: false });
    const [x, y] = wcs.inverse(ra, dec);
    expect(x[0]).toBeCloseTo(5, 7);
    expect(y[0]).toBeCloseTo(7, 7);
    expect(x[1]).toBeNaN();
  });

  test("the numerical inverse agrees with the analytic one, around 0 deg and for distorted fields", () => {
    const distortion = pipe(
      new Mapping([0, 1, 0, 1]),
      sideBySide(
        new Polynomial2D(f(0, 0.01, 1e-5, 1, 2e-5, 0, 3e-5, 0, 0)),
        new Polynomial2D(f(3, 1, -1e-5, -0.02, 1e-5, 0, 2e-5, 0, 0)),
      ),
    );
    const wcs = image([0.001, -60]);
    wcs.insertTransform("detector", distortion, true);
    wcs.boundingBox = [
      [-0.5, 99.5],
      [-0.5, 199.5],
    ];
    expect(wcs.hasInverse).toBe(false);
    const x = Float64Array.from({ length: 2500 }, (_, i) => (i % 50) * 2);
    const y = Float64Array.from({ length: 2500 }, (_, i) => 4 * Math.floor(i / 50));
    const world = wcs.forward(x, y);
    const [u, v] = wcs.invert(world, { withBoundingBox: false });
    for (let i = 0; i < x.length; i++) expect(Math.hypot(u[i] - x[i], v[i] - y[i])).toBeLessThan(1e-7);
    expect(wcs.invert([f(Number.NaN), f(1)])[0][0]).toBeNaN();
  });

  test("frames and transforms are inserted in place", () => {
    const wcs = image();
    const [ra] = wcs.forward(f(10), f(10));
    wcs.insertFrameAfter("detector", sideBySide(new Shift(5), new Shift(0)), frame2D("shifted"));
    wcs.boundingBox = [
      [-99, 999],
      [-99, 999],
    ];
    expect(wcs.frames).toEqual(["detector", "shifted", "world"]);
    expect(wcs.forward(f(5), f(10))[0]).toEqual(ra);
    expect(wcs.transform("shifted", "detector").point(15, 10)).toEqual([10, 10]);
    wcs.insertTransform("world", sideBySide(new Shift(1), new Shift(0)));
    expect(wcs.forward(f(5), f(10))[0][0]).toBeCloseTo(ra[0] + 1, 12);
    wcs.setTransform("detector", "shifted", new Identity(2));
    expect(wcs.forward(f(10), f(10))[0][0]).toBeCloseTo(ra[0] + 1, 12);
    expect(() => wcs.transform("detector", "v2v3")).toThrow(/no frame "v2v3"/);
    expect(() => wcs.setTransform("detector", "world", new Identity(2))).toThrow(/not neighbours/);
  });

  test("a node that is no WCS, and a WCS of one frame, are refused", () => {
    expect(() => Wcs.fromAsdf(new Tagged("tag:stsci.edu:gwcs/step-1.3.0", {}))).toThrow(/not a WCS/);
    expect(() => new Wcs([{ frame: frame2D("detector") }])).toThrow(/at least two frames/);
    expect(() => new Wcs([{ frame: "a" }, { frame: "b" }])).toThrow(/a transform from each/);
  });
});

describe("FITS approximations", () => {
  const cards = (wcs: Wcs, options = {}) => fitSip(wcs, options).cards;

  test("an undistorted image needs no SIP polynomials", () => {
    const c = cards(image(), { crpix: [50.5, 100.5] });
    expect(c).toMatchObject({ CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", CRPIX1: 50.5, CRPIX2: 100.5, RADESYS: "ICRS" });
    expect(c.CD1_1).toBeCloseTo(-1e-4, 14);
    expect(c.CD2_2).toBeCloseTo(1e-4, 14);
    expect(c).not.toHaveProperty("A_ORDER");
  });

  test("a quadratic distortion comes back as its coefficients", () => {
    const quadratic = pipe(
      new Mapping([0, 1, 0, 1]),
      sideBySide(new Polynomial2D(f(0, 0, 0, 1, 0, 0, 3e-5, 0, 0)), new Polynomial2D(f(0, 1, 2e-5, 0, 0, 0, 0, 0, 0))),
    ) as Transform;
    const center = pipe(
      sideBySide(new Shift(-49.5), new Shift(-99.5)),
      quadratic,
      sideBySide(new Shift(49.5), new Shift(99.5)),
    );
    const wcs = image();
    wcs.insertTransform("detector", center, true);
    wcs.boundingBox = [
      [-0.5, 99.5],
      [-0.5, 199.5],
    ];
    const fit = fitSip(wcs, { crpix: [50.5, 100.5] });
    expect(fit.cards).toMatchObject({ A_ORDER: 2, B_ORDER: 2, CTYPE1: "RA---TAN-SIP" });
    expect(fit.cards.A_2_0).toBeCloseTo(3e-5, 10);
    expect(fit.cards.B_0_2).toBeCloseTo(2e-5, 10);
    expect(fit.cards.A_1_1).toBeCloseTo(0, 10);
    expect(fit.accurate).toBe(true);
    expect(fit.maxInvError).toBeLessThan(0.01);
  });

  test("fits that cannot be are refused", () => {
    expect(() => cards(image(), { npoints: 5 })).toThrow(/8 or more points/);
    expect(() => cards(image(), { degree: 12 })).toThrow(/1 \.\. 9/);
    expect(() =>
      cards(image(), {
        boundingBox: [
          [0, 0.5],
          [0, 9],
        ],
      }),
    ).toThrow(/too small/);
    expect(() => cards(image(), { projection: "XYZ" })).toThrow(/XYZ is not supported/);
  });
});

describe("regions and alignment", () => {
  test("S_REGION runs through the outer corners", () => {
    const region = sRegionOf(image()) as string;
    expect(region).toMatch(/^POLYGON {1}ICRS {2}10\.005/);
    expect(parseSRegion(region)).toHaveLength(4);
    expect(parseSRegion("POLYGON ICRS 1e-5 -2.5 3 4 5 +6")).toEqual([
      [1e-5, -2.5],
      [3, 4],
      [5, 6],
    ]);
    expect(sRegion([[Number.NaN, 1]])).toBeUndefined();
    expect(() => parseSRegion("CIRCLE ICRS 1 2 3")).toThrow(/not an S_REGION/);
  });

  test("the rotation matrix for simple angles", () => {
    expect(calcRotationMatrix(0, 0)).toEqual([1, 0, -0, 1]);
    const [a, b, c, d] = calcRotationMatrix(Math.PI / 2, 0, -1);
    for (const v of [a, d]) expect(v).toBeCloseTo(0, 15);
    expect([b, c]).toEqual([1, 1]);
    expect(() => calcRotationMatrix(0, 0, 2)).toThrow(/1 or -1/);
  });

  test("scale, fiducial and reprojection of simple images", () => {
    expect(computeScale(image(), [10, 20])).toBeCloseTo(1e-4, 12);
    expect(computeScale(image(), [10, 20], { pscaleRatio: 0.5 })).toBeCloseTo(5e-5, 12);
    const [lon, lat] = computeFiducial([image()]);
    expect(lon).toBeCloseTo(10, 6);
    expect(lat).toBeCloseTo(20, 6);
    const [x, y] = reproject(image(), image([10, 20], 7))(f(3), f(4));
    expect(x[0]).toBeCloseTo(10, 7);
    expect(y[0]).toBeCloseTo(4, 7);
    expect(separation(10, 0, 10, 1e-9)).toBeCloseTo(1e-9, 18);
  });

  test("a common WCS holds all images", () => {
    const list = [image(), image([10.004, 20.003])];
    const info = { ra_ref: 10, dec_ref: 20, roll_ref: 0, v3yangle: 0, vparity: -1 };
    const out = wcsFromFootprints(list, info);
    const [nx, ny] = out.pixelShape as number[];
    for (const wcs of list)
      for (const [lon, lat] of wcs.footprint()) {
        const [x, y] = out.invert([f(lon), f(lat)], { withBoundingBox: false });
        expect(x[0]).toBeGreaterThan(-0.51);
        expect(x[0]).toBeLessThan(nx + 0.5);
        expect(y[0]).toBeGreaterThan(-0.51);
        expect(y[0]).toBeLessThan(ny + 0.5);
      }
    const regions = list.map((w) => sRegionOf(w) as string);
    expect(wcsFromSregions(regions, list[0], info).pixelShape).toEqual([nx, ny]);
    expect(parseSRegion(combineSRegions(regions, out))).toHaveLength(8);
    expect(() => wcsFromSregions(regions, list[0], info, { pscale: 1 })).toThrow(/too small/);
  });
});
