import { NdArray } from "@calwebb/array";
import { memorySource } from "@calwebb/bytes";
import { describe, expect, it } from "vitest";
import { createModel, defineModel, emptyTable, type Model, slitOf, type Table, tableFrom } from "../src/index.js";
import { encoded, hdusOf, saved } from "./helpers.js";

const schema = {
  title: "bad pixels",
  allOf: [
    {
      properties: {
        meta: { properties: { bad_pixel_count: { type: "integer", fits_keyword: "BPCOUNT", minimum: 0 } } },
      },
    },
    {
      properties: {
        dq: { fits_hdu: "DQ", datatype: "uint32", ndim: 2, default: 0 },
        dq_def: {
          fits_hdu: "DQ_DEF",
          datatype: [
            { name: "BIT", datatype: "uint32" },
            { name: "VALUE", datatype: "uint32" },
            { name: "NAME", datatype: ["ascii", 40] },
            { name: "DESCRIPTION", datatype: ["ascii", 80] },
          ],
        },
      },
    },
  ],
};

interface BadPixelModel extends Model {
  dq: NdArray<Uint32Array>;
  dq_def: Table | undefined;
}

const BadPixel = defineModel<"JwstDataModel", BadPixelModel>({
  name: "MiriBadPixelMaskModel",
  schema,
  primaryArray: "dq",
  onSave: (m) =>
    m.set("meta.bad_pixel_count", [...(m.get("dq") as NdArray<Uint32Array>).flat()].filter((f) => f).length),
});

describe("a model class of one's own", () => {
  it("has its schema on top of the core metadata, and is saved and opened with it", async () => {
    const model = BadPixel.create({
      shape: [2, 3],
      dq_def: tableFrom({ BIT: Uint8Array.of(0), VALUE: Uint8Array.of(1), NAME: ["DO_NOT_USE"], DESCRIPTION: [""] }),
    });
    model.dq.set(0, 1, 1);
    model.meta.instrument.name = "MIRI";
    const bytes = await encoded(model, "mask.fits");
    const hdus = await hdusOf(bytes);
    expect(hdus.map((h) => h.name)).toEqual(["PRIMARY,1", "DQ,1", "DQ_DEF,1"]);
    expect(hdus[0].cards.some((c) => c.startsWith("BPCOUNT =                    1"))).toBe(true);
    expect(hdus[0].cards.some((c) => c.startsWith("DATAMODL= 'MiriBadPixelMaskModel'"))).toBe(true);
    const again = await BadPixel.open(memorySource(bytes, "mask.fits"));
    expect(again.get("meta.bad_pixel_count")).toBe(1);
    expect(again.dq.get(0, 1)).toBe(1);
    expect(again.dq_def?.strings("NAME")).toEqual(["DO_NOT_USE"]);
    expect(again.meta.instrument.name).toBe("MIRI");
  });

  it("checks its metadata", () => {
    const warnings: string[] = [];
    const model = BadPixel.create({ log: { warn: (m) => void warnings.push(m) } });
    model.set("meta.bad_pixel_count", -1);
    model.set("meta.bad_pixel_count", "x");
    expect(warnings).toEqual([
      "meta.bad_pixel_count: -1 is less than 0; the value is not set",
      'meta.bad_pixel_count: "x" is not of type integer; the value is not set',
    ]);
    expect(() =>
      defineModel({ name: "X", schema: { properties: { a: { fits_keyword: "TOO_LONG_KEYWORD" } } } }),
    ).toThrow("is not a FITS keyword");
  });
});

describe("a schema that grows", () => {
  it("takes entries for one model", async () => {
    const model = createModel("ImageModel", { shape: [2, 2] });
    model.addSchemaEntry("meta.observer", { type: "string", fits_keyword: "OBSERVER" });
    model.extendSchema({ properties: { extra: { fits_hdu: "EXTRA", datatype: "int16", ndim: 1 } } });
    model.set("meta.observer", "somebody");
    model.set("extra", new NdArray(Float64Array.of(1, 2), [2]));
    expect((model.get("extra") as NdArray).dtype).toBe("int16");
    expect(model.data.shape).toEqual([2, 2]);
    const hdus = await hdusOf(await encoded(model));
    expect(hdus.map((h) => h.name)).toContain("EXTRA,1");
    expect(hdus[0].cards.some((c) => c.startsWith("OBSERVER= 'somebody'"))).toBe(true);
    expect(createModel("ImageModel").findFitsKeyword("OBSERVER")).toEqual([]);
    expect(model.clone().findFitsKeyword("OBSERVER")).toEqual(["meta.observer"]);
  });
});

describe("tables in ASDF files", () => {
  it("go there and back", async () => {
    const model = createModel("SpecModel", { spec_table: emptyTable("SpecModel", "spec_table", 3) });
    model.spec_table!.numbers("WAVELENGTH").set(Float64Array.of(1, 2, 3) as never);
    const again = await saved(model, "spec.asdf");
    const table = (again as typeof model).spec_table!;
    expect(table.names).toEqual(model.spec_table!.names);
    expect([...table.numbers("WAVELENGTH")]).toEqual([1, 2, 3]);
  });
});

describe("slitOf", () => {
  it("gives an item as a model", () => {
    const product = createModel("MultiSlitModel", { meta: { exposure: { ngroups: 4 } } });
    product.slits.append({
      data: new NdArray(new Float32Array(4), [2, 2]),
      name: "A",
      meta: { wcsinfo: { crval1: 3 } },
    });
    product.slits[0].set("meta.wcs", "its own");
    const slit = slitOf(product, 0);
    expect(slit.modelType).toBe("SlitModel");
    expect(slit.data).toBe(product.slits[0].data);
    expect([slit.name, slit.meta.exposure.ngroups, slit.meta.wcs]).toEqual(["A", 4, "its own"]);
    expect(() => slitOf(product, 1)).toThrow("has no slits[1]");
  });
});
