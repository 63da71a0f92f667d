import { NdArray } from "@calwebb/array";
import { isCalwebbError } from "@calwebb/errors";
import { describe, expect, it } from "vitest";
import { createModel } from "../src/index.js";

describe("createModel", () => {
  it("makes the primary array and derives the others on access", () => {
    const ramp = createModel("RampModel", { shape: [2, 3, 4, 5] });
    expect(ramp.modelType).toBe("RampModel");
    expect(ramp.data.shape).toEqual([2, 3, 4, 5]);
    expect(ramp.data.dtype).toBe("float32");
    expect(ramp.hasArray("groupdq")).toBe(false);
    expect(ramp.groupdq.shape).toEqual([2, 3, 4, 5]);
    expect(ramp.groupdq.dtype).toBe("uint8");
    expect(ramp.pixeldq.shape).toEqual([4, 5]);
    expect(ramp.zeroframe.shape).toEqual([2, 4, 5]);
    expect(ramp.hasArray("groupdq")).toBe(true);
    expect(ramp.int_times).toBeUndefined();
    expect(ramp.shape).toEqual([2, 3, 4, 5]);
  });

  it("converts arrays to the type of the schema and refuses wrong dimensions", () => {
    const counts = new NdArray(Uint16Array.of(1, 2, 65535, 4), [1, 1, 2, 2]);
    const ramp = createModel("RampModel", { data: counts as never });
    expect(ramp.data.dtype).toBe("float32");
    expect([...ramp.data.data]).toEqual([1, 2, 65535, 4]);
    let error: unknown;
    try {
      createModel("ImageModel", { data: counts as never });
    } catch (e) {
      error = e;
    }
    expect(isCalwebbError(error, "ValidationError")).toBe(true);
    expect(String(error)).toContain("data has 4 dimensions (shape [1, 1, 2, 2]), wanted 2");
  });
});

describe("metadata", () => {
  it("has every branch, undefined leaves and dotted access", () => {
    const model = createModel("ImageModel", { meta: { exposure: { ngroups: 5 } } });
    expect(model.meta.exposure.ngroups).toBe(5);
    expect(model.meta.instrument.name).toBeUndefined();
    model.meta.instrument.name = "NIRCAM";
    expect(model.get("meta.instrument.name")).toBe("NIRCAM");
    model.set("meta.wcsinfo.ra_ref", 12.5);
    expect(model.meta.wcsinfo.ra_ref).toBe(12.5);
    expect(model.has("meta.wcsinfo.ra_ref")).toBe(true);
    expect(model.delete("meta.wcsinfo.ra_ref")).toBe(true);
    expect(model.has("meta.wcsinfo.ra_ref")).toBe(false);
    model.meta.instrument.name = undefined;
    expect(model.has("meta.instrument.name")).toBe(false);
  });

  it("warns and drops, throws or keeps values that do not fit", () => {
    const warnings: string[] = [];
    const log = { warn: (m: string) => void warnings.push(m) };
    const model = createModel("ImageModel", { log });
    model.meta.exposure.ngroups = 4;
    model.meta.exposure.ngroups = "many" as never;
    expect(model.meta.exposure.ngroups).toBe(4);
    expect(warnings[0]).toContain('meta.exposure.ngroups: "many" is not of type integer');
    model.meta.instrument.name = "HUBBLE";
    expect(warnings[1]).toContain("is not one of NIRCAM, NIRSPEC, MIRI");
    const kept = createModel("ImageModel", { passInvalidValues: true });
    kept.meta.instrument.name = "HUBBLE";
    expect(kept.meta.instrument.name).toBe("HUBBLE");
    const strict = createModel("ImageModel", { strictValidation: true });
    expect(() => {
      strict.meta.exposure.ngroups = 1.5;
    }).toThrow("meta.exposure.ngroups: 1.5 is not of type integer");
  });

  it("finds keywords and schema entries", () => {
    const model = createModel("ImageModel");
    expect(model.findFitsKeyword("DATE-OBS")).toEqual(["meta.observation.date"]);
    expect(model.searchSchema("EFFEXPTM").map((h) => h.path)).toEqual(["meta.exposure.exposure_time"]);
  });
});

describe("lists", () => {
  it("append, index, iterate", () => {
    const model = createModel("MultiSlitModel");
    const image = createModel("SlitModel", { shape: [3, 4], name: "S200A1" } as never);
    model.slits.append(image);
    model.slits.append({ name: "S200A2" });
    expect(model.slits.length).toBe(2);
    expect(model.slits[0].data).toBe(image.data);
    expect(model.slits.map((s) => s.name)).toEqual(["S200A1", "S200A2"]);
    model.slits[1].meta.wcsinfo.ra_ref = 3;
    expect(model.get("slits.1.meta.wcsinfo.ra_ref")).toBe(3);
    model.slits.remove(0);
    expect([...model.slits].map((s) => s.name)).toEqual(["S200A2"]);
  });
});

describe("copies", () => {
  it("clone has its own arrays, cloneShallow shares them", () => {
    const model = createModel("ImageModel", { shape: [2, 2], meta: { exposure: { ngroups: 5 } } });
    const deep = model.clone();
    const shallow = model.cloneShallow();
    model.data.set(0, 0, 7);
    model.meta.exposure.ngroups = 6;
    expect(deep.data.get(0, 0)).toBe(0);
    expect(shallow.data.get(0, 0)).toBe(7);
    expect(shallow.meta.exposure.ngroups).toBe(5);
  });
});
