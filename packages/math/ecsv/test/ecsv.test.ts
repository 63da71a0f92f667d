import { isCalwebbError } from "@calwebb/errors";
import { describe, expect, test } from "vitest";
import { readEcsv, writeEcsv } from "../src/index.js";

describe("writing", () => {
  test("types, units, descriptions and metadata", () => {
    const text = writeEcsv({
      columns: [
        { name: "id", type: "int64", values: [1, 2] },
        {
          name: "flux",
          type: "float64",
          unit: "Jy",
          format: ".6e",
          description: "Flux: total",
          values: [1e-7, Number.NaN],
        },
        { name: "small", type: "float32", values: [Math.fround(0.1), 2] },
        { name: "star", type: "bool", values: [true, false] },
        { name: "label", type: "string", values: ["a b", ""] },
        { name: "sky", ra: [10, 20], dec: [-1, 1] },
      ],
      meta: { name: "x, y", n: 3, list: [1, 2.5], tree: { a: null, b: "no" } },
    });
    expect(text).toContain('# - {name: flux, unit: Jy, datatype: float64, format: ".6e", description: "Flux: total"}');
    expect(text).toContain('# - {name: "x, y"}');
    expect(text).toContain('# - {tree: {a: null, b: "no"}}');
    expect(text).toContain("#       __class__: astropy.coordinates.sky_coordinate.SkyCoord");
    const rows = text.trim().split("\n").slice(-3);
    expect(rows).toEqual([
      "id flux small star label sky.ra sky.dec",
      '1 1e-7 0.1 True "a b" 10 -1',
      '2 nan 2 False "" 20 1',
    ]);
  });

  test("columns of different lengths are refused", () => {
    const columns = [
      { name: "a", type: "int32" as const, values: [1] },
      { name: "b", type: "int32" as const, values: [1, 2] },
    ];
    expect(() => writeEcsv({ columns })).toThrow(/column b has 2 values, not 1/);
  });
});

describe("reading", () => {
  test("what was written", () => {
    const { columns, nrows } = readEcsv(
      writeEcsv({
        columns: [
          { name: "RA", type: "float64", unit: "deg", values: [150.1, 1e-9] },
          { name: "who", type: "string", values: ['a "b" c', "12"] },
          { name: "ok", type: "bool", values: [false, true] },
        ],
      }),
    );
    expect(nrows).toBe(2);
    expect(columns).toEqual([
      { name: "RA", type: "float64", unit: "deg", values: [150.1, 1e-9] },
      { name: "who", type: "string", values: ['a "b" c', "12"] },
      { name: "ok", type: "bool", values: [false, true] },
    ]);
  });

  test("folded descriptions and block style of astropy", () => {
    const text = [
      "# %ECSV 1.0",
      "# ---",
      "# datatype:",
      "# - {name: x, unit: pix, datatype: float64, description: a long",
      "#     text}",
      "# - name: y",
      "#   datatype: int32",
      "# schema: astropy-2.0",
      "x y",
      "1.5 2",
      "nan 3",
    ].join("\n");
    const { columns } = readEcsv(text);
    expect(columns.map((c) => [c.name, c.type, c.unit])).toEqual([
      ["x", "float64", "pix"],
      ["y", "int32", undefined],
    ]);
    expect(columns[1].values).toEqual([2, 3]);
    expect(columns[0].values[1]).toBeNaN();
  });

  test("plain tables, commas too", () => {
    expect(readEcsv("ra,dec\n1,2\n3,4\n").columns.map((c) => c.values)).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(readEcsv("a b\nx 2\n").columns[0]).toEqual({ name: "a", type: "string", values: ["x"] });
  });

  test("rows that do not fit are refused", () => {
    try {
      readEcsv("a b\n1\n", "cat.ecsv");
      expect.unreachable();
    } catch (error) {
      expect(isCalwebbError(error, "ValidationError")).toBe(true);
      expect(String(error)).toMatch(/row 1 of cat.ecsv has 1 values, not 2/);
    }
  });
});
