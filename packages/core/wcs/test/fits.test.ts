import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { memorySink, memorySource } from "@calwebb/bytes";
import { createModel, encodeModel, openModel } from "@calwebb/datamodels";
import { separation, setWcs, updateFitsWcsinfo, type Wcs, wcsFromFits, wcsOf } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";

const header = {
  CTYPE1: "RA---TAN",
  CTYPE2: "DEC--TAN",
  CRPIX1: 50.5,
  CRPIX2: 20.5,
  CRVAL1: 30,
  CRVAL2: -45,
  CDELT1: -1e-4,
  CDELT2: 2e-4,
};

describe("wcsFromFits", () => {
  test("the reference pixel, and steps along both axes", () => {
    const wcs = wcsFromFits(header, { shape: [40, 100] });
    expect(wcs.forwardTransform.point(49.5, 19.5)).toEqual([expect.closeTo(30, 12), expect.closeTo(-45, 12)]);
    expect(wcs.forwardTransform.point(49.5, 20.5)[1]).toBeCloseTo(-44.9998, 10);
    expect(wcs.forwardTransform.point(48.5, 19.5)[0]).toBeCloseTo(30 + 1e-4 * Math.SQRT2, 10);
    expect(wcs.boundingBox?.at(0)).toEqual([-0.5, 99.5]);
  });

  test("PC, CROTA2 and CD say the same", () => {
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    const degrees = (0.3 * 180) / Math.PI;
    const pc = { ...header, CDELT1: 1e-4, CDELT2: 1e-4, PC1_1: c, PC1_2: -s, PC2_1: s, PC2_2: c };
    const rota = { ...header, CDELT1: 1e-4, CDELT2: 1e-4, CROTA2: degrees };
    const cd = { ...header, cd1_1: 1e-4 * c, cd1_2: -1e-4 * s, cd2_1: 1e-4 * s, cd2_2: 1e-4 * c };
    const places = [pc, rota, cd].map((h) => wcsFromFits(h).forwardTransform.point(0, 0));
    for (const [ra, dec] of places) expect(separation(ra, dec, places[0][0], places[0][1])).toBeLessThan(1e-12);
  });

  test("axes in the other order", () => {
    const turned = { ...header, CTYPE1: "DEC--TAN", CTYPE2: "RA---TAN", CRVAL1: -45, CRVAL2: 30 };
    const [dec, ra] = wcsFromFits(turned).forwardTransform.point(49.5, 19.5);
    expect([ra, dec]).toEqual([expect.closeTo(30, 12), expect.closeTo(-45, 12)]);
  });

  test.each([
    [{ ...header, CTYPE2: "WAVE" }, /not a pair of celestial axes/],
    [{ ...header, CTYPE1: "RA---XXX", CTYPE2: "DEC--XXX" }, /XXX is not supported/],
    [{ ...header, CRVAL1: "north" }, /CRVAL1 is not a number/],
    [{ ...header, CTYPE1: "RA---TAN-SIP", CTYPE2: "DEC--TAN-SIP", A_ORDER: 40 }, /A_ORDER is 40/],
  ])("%#: what cannot be read is refused", (cards, message) => {
    expect(() => wcsFromFits(cards)).toThrow(message);
  });
});

describe("the approximation of the reference implementation", () => {
  const truth = new URL("../../../steps/exposure2/assign-wcs/test/truth/", import.meta.url);
  const folder = new URL("accurate/expected/", truth);
  const open = async () => {
    const [name] = readdirSync(folder);
    return openModel(memorySource(gunzipSync(readFileSync(new URL(name, folder))), name));
  };
  const grid = (n: number) => Float64Array.from({ length: 64 }, (_, i) => (i % 8) * n);
  const rows = (n: number) => Float64Array.from({ length: 64 }, (_, i) => Math.floor(i / 8) * n);

  test("read as FITS it agrees with the GWCS beside it", async () => {
    const model = await open();
    const gwcs = wcsOf(model) as Wcs;
    const sip = wcsFromFits(model.getFitsWcs());
    const [a, b] = [gwcs.forward(grid(8), rows(8)), sip.forward(grid(8), rows(8))];
    for (let i = 0; i < 64; i++)
      // astropy finds 2.9133e-4 pixel at most for this header.
      expect(separation(a[0][i], a[1][i], b[0][i], b[1][i]) / (0.031 / 3600)).toBeLessThan(2.9134e-4);
    const [x, y] = sip.inverse(...b);
    for (let i = 0; i < 64; i++) expect(Math.hypot(x[i] - grid(8)[i], y[i] - rows(8)[i])).toBeLessThan(1e-2);
  });

  test("a fit of it is written into the metadata, in place of what was there", async () => {
    const gwcs = wcsOf(await open()) as Wcs;
    const model = createModel("ImageModel", { shape: [64, 64] });
    model.meta.wcsinfo.cdelt1 = 3;
    model.meta.wcsinfo.crpix1 = 32.5;
    model.meta.wcsinfo.crpix2 = 32.5;
    setWcs(model, gwcs);
    expect(wcsOf(model)).toBe(gwcs);
    expect(updateFitsWcsinfo(model).accurate).toBe(true);
    expect(model.meta.wcsinfo.cdelt1).toBeUndefined();
    expect(model.meta.wcsinfo.ctype1).toBe("RA---TAN-SIP");
    expect(model.get("meta.wcsinfo.a_order")).toBeGreaterThan(1);
    const bare = createModel("ImageModel", { shape: [2, 2] });
    bare.meta.wcs = gwcs;
    expect(wcsOf(bare)).toBe(gwcs);
    const sink = memorySink();
    await encodeModel(bare, sink);
    const again = wcsOf(await openModel(memorySource(sink.bytes(), "bare.fits"))) as Wcs;
    expect(again.forwardTransform.point(3, 4)).toEqual(gwcs.forwardTransform.point(3, 4));
    setWcs(model, undefined);
    expect(wcsOf(model)).toBeUndefined();
    expect(() => updateFitsWcsinfo(model)).toThrow(/no WCS/);
  });
});
