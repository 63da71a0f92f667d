import { NdArray } from "@calwebb/array";
import { describe, expect, it } from "vitest";
import {
  blendRules,
  createModel,
  emptyTable,
  groupIdOf,
  jsonSchema,
  ModelContainer,
  modelInfo,
  modelNames,
  SourceModelContainer,
  tableFrom,
} from "../src/index.js";

describe("classes", () => {
  it("are those of the reference implementation, and every one can be made", () => {
    const names = modelNames();
    expect(names.length).toBeGreaterThanOrEqual(146);
    for (const name of names) expect(createModel(name as never)).toHaveProperty("modelType", name);
    expect(modelInfo("DarkModel")?.bases).toContain("ReferenceFileModel");
    expect(() => createModel("NoSuchModel" as never)).toThrow("there is no model class NoSuchModel");
  });

  it("have a JSON Schema", () => {
    const schema = jsonSchema("ImageModel") as { properties: Record<string, never> };
    expect(schema.properties.data).toEqual({ fits_hdu: "SCI", datatype: "float32", ndim: 2, default: 0 });
    expect(JSON.stringify(schema)).toContain('"fits_keyword":"NGROUPS"');
  });

  it("know how metadata is blended", () => {
    const rules = new Map(blendRules("ImageModel").map((r) => [r.path, r]));
    expect(rules.get("meta.exposure.exposure_time")).toMatchObject({ keyword: "EFFEXPTM", table: true });
    expect([...rules.values()].some((r) => r.rule !== undefined)).toBe(true);
  });
});

describe("tables", () => {
  it("take the columns of the schema, names in any case, in any order", () => {
    const model = createModel("SpecModel");
    const table = emptyTable("SpecModel", "spec_table", 2);
    expect(table.numbers("FLUX").every(Number.isNaN)).toBe(true);
    expect([...table.numbers("NPIXELS")]).toEqual([0, 0]);
    const columns = Object.fromEntries(
      [...table.columns].reverse().map((c) => [c.name.toLowerCase(), new Float32Array(2)]),
    );
    model.spec_table = tableFrom(columns);
    expect(model.spec_table.names).toEqual(table.names);
    expect(model.spec_table.column("DQ")?.dtype).toBe("uint32");
  });

  it("refuse missing and surplus columns", () => {
    const model = createModel("RampModel");
    expect(() => {
      model.int_times = tableFrom({ integration_number: Int32Array.of(1), other: Int32Array.of(1) });
    }).toThrow(/missing int_start_mjd_utc.*not in the schema other/);
  });

  it("cut texts to the width of the column", () => {
    const model = createModel("MaskModel", { shape: [2, 2] });
    model.dq_def = tableFrom({
      BIT: Int32Array.of(0),
      VALUE: Uint32Array.of(1),
      NAME: ["x".repeat(50)],
      DESCRIPTION: ["d"],
    });
    expect(model.dq_def.strings("NAME")[0].length).toBe(40);
  });
});

describe("update", () => {
  it("copies keywords that both know, not arrays, WCS or the class", () => {
    const from = createModel("RampModel", {
      shape: [1, 1, 2, 2],
      meta: { exposure: { ngroups: 7 }, instrument: { name: "MIRI" } },
    });
    from.set("meta.private", 5);
    from.set("meta.wcs", { any: 1 });
    from.extraFits.PRIMARY = { header: [["MINE", 1, ""]] };
    from.set("cal_logs", { jump: ["done"] });
    const to = createModel("ImageModel");
    to.update(from);
    expect(to.meta.exposure.ngroups).toBe(7);
    expect(to.meta.model_type).toBe("ImageModel");
    expect(to.has("meta.private")).toBe(false);
    expect(to.has("meta.wcs")).toBe(false);
    expect(to.hasArray("data")).toBe(false);
    expect(to.get("cal_logs.jump")).toEqual(["done"]);
    expect(to.extraFits.PRIMARY).toBeUndefined();
    to.update(from, { extraFits: true });
    expect(to.extraFits.PRIMARY.header).toEqual([["MINE", 1, ""]]);
  });

  it("can be restricted to HDUs, and takes plain mappings", () => {
    const from = createModel("ImageModel", { meta: { exposure: { ngroups: 7 }, wcsinfo: { crval1: 3 } } });
    const to = createModel("ImageModel");
    to.update(from, { only: "SCI" });
    expect(to.meta.exposure.ngroups).toBeUndefined();
    expect(to.meta.wcsinfo.crval1).toBe(3);
    to.update({ meta: { exposure: { nints: 2 } } });
    expect(to.meta.exposure.nints).toBe(2);
  });
});

describe("FITS WCS keywords", () => {
  it("are metadata where the schema has them, cards otherwise", () => {
    const model = createModel("ImageModel");
    model.setFitsWcs({ CRVAL1: 5.5, CTYPE1: "RA---TAN", CRVAL1A: 7 });
    expect(model.meta.wcsinfo.crval1).toBe(5.5);
    expect(model.extraFits.SCI.header).toEqual([["CRVAL1A", 7, ""]]);
    expect(model.getFitsWcs()).toEqual({ CRVAL1: 5.5, CTYPE1: "RA---TAN" });
    expect(model.getFitsWcs("SCI", 1, "A")).toEqual({ CRVAL1A: 7 });
  });
});

describe("containers", () => {
  const exposure = (number: string) =>
    createModel("ImageModel", {
      meta: {
        observation: {
          program_number: "01234",
          observation_number: "001",
          visit_number: "002",
          visit_group: "02",
          sequence_id: "1",
          activity_id: "01",
          exposure_number: number,
        },
      },
    });

  it("group exposures taken together", () => {
    const list = new ModelContainer([
      exposure("00001"),
      exposure("00002"),
      exposure("00001"),
      createModel("ImageModel"),
    ]);
    expect(list.groupNames).toEqual(["jw01234001002_02101_00001", "jw01234001002_02101_00002", "exposure0004"]);
    expect(list.modelsGrouped.map((g) => g.length)).toEqual([2, 1, 1]);
    expect(groupIdOf(list.at(0)!)).toBe("jw01234001002_02101_00001");
    expect(list.values("meta.observation.exposure_number").slice(0, 2)).toEqual(["00001", "00002"]);
  });

  it("open the members of an association", async () => {
    const asn = {
      asn_pool: "pool.csv",
      products: [
        {
          members: [
            { expname: "a.fits", exptype: "science" },
            { expname: "b.fits", exptype: "background" },
          ],
        },
      ],
    };
    const opened: string[] = [];
    const open = async (name: string) => {
      opened.push(name);
      return exposure("00001");
    };
    const list = await ModelContainer.fromAssociation(asn, open, { exptypes: ["SCIENCE"], tableName: "asn.json" });
    expect(opened).toEqual(["a.fits"]);
    expect(list.at(0)?.meta.asn).toMatchObject({ exptype: "science", table_name: "asn.json", pool_name: "pool.csv" });
    expect(list.indexesOfType("science")).toEqual([0]);
  });

  it("let the exposures of a source be used as slits", () => {
    const product = createModel("MultiExposureModel");
    product.exposures.append({ data: new NdArray(Float32Array.of(1, 2), [1, 2]), name: "one" });
    const list = new SourceModelContainer(product);
    expect(list.length).toBe(1);
    (list.at(0) as unknown as { data: NdArray }).data.set(0, 0, 9);
    list.at(0)!.set("name", "other");
    expect(product.exposures[0].data.get(0, 0)).toBe(9);
    expect(product.exposures[0].name).toBe("other");
  });
});
