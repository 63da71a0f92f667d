import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AsdfArray, encodeAsdf, parseAsdf, parseAsdfSync, Tagged } from "../src/index.js";

const load = (name: string) => new Uint8Array(readFileSync(new URL(`./fixtures/${name}.asdf`, import.meta.url)));

// The ASDF extensions of three products written by jwst, cut out of their FITS files.
describe("the ASDF extension of JWST products", () => {
  it("gives metadata, linked arrays, block arrays and the WCS with its tags", async () => {
    const file = await parseAsdf(load("jwst-image_wcs"), { verifyChecksums: true });
    expect(file.version).toBe("1.6.0");
    expect(file.history.map((h) => h.description)).toEqual(["made for the fact files"]);
    const tree = file.tree as {
      data: AsdfArray;
      my_big: AsdfArray;
      meta: { model_type: string; wcs: Tagged<{ steps: Tagged<{ frame: Tagged }>[] }> };
    };
    expect(tree.meta.model_type).toBe("ImageModel");
    expect(tree.data.link).toBe("fits:SCI,1");
    expect([tree.data.datatype, tree.data.shape]).toEqual(["float32", [3, 4]]);
    expect((await tree.my_big.read()).data).toEqual(Float64Array.from({ length: 20 }, (_, i) => i));
    expect(tree.meta.wcs.tag).toBe("tag:stsci.edu:gwcs/wcs-1.4.0");
    expect(tree.meta.wcs.value.steps.map((s) => s.value.frame.tag)).toEqual([
      "tag:stsci.edu:gwcs/frame2d-1.2.0",
      "tag:stsci.edu:gwcs/celestial_frame-1.2.0",
    ]);
    await expect(tree.data.read()).rejects.toThrow(/fits:SCI,1.*nothing here knows where it is/);
  });

  it.each([
    "jwst-image_wcs",
    "jwst-image_poly_wcs",
    "jwst-multislit",
  ])("%s is the same after a round trip", async (name) => {
    const first = parseAsdfSync(load(name));
    const bytes = await encodeAsdf(first, { library: null });
    const second = parseAsdfSync(bytes);
    expect(plain(second.tree)).toEqual(plain(first.tree));
    // Writing it again gives the same bytes: tags, number types and anchors have all survived.
    expect(await encodeAsdf(second, { library: null })).toEqual(bytes);
  });
});

/** The tree with arrays replaced by what they say and hold. */
function plain(node: unknown): unknown {
  if (node instanceof AsdfArray)
    return { type: node.datatype, shape: node.shape, values: node.link ?? node.readSync().data };
  if (node instanceof Tagged) return { tag: node.tag, value: plain(node.value) };
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([k, v]) => [k, plain(v)]));
}
