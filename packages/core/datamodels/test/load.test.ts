import { NdArray } from "@calwebb/array";
import { describe, expect, it } from "vitest";
import { Table } from "../src/table.js";
import { castTable } from "../src/tree/cast-table.js";
import { Cell } from "../src/tree/cell.js";
import { loadCells } from "../src/tree/load.js";

/** An array that is there after a moment, or fails. */
class Slow extends Cell<NdArray> {
  readonly where = "test";
  readonly shape = [1];
  readonly isTable = false;
  private readonly error: Error | undefined;

  constructor(error?: Error) {
    super();
    this.error = error;
  }

  async load(): Promise<NdArray> {
    if (this.error) throw this.error;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return new NdArray(Float32Array.of(7), [1]);
  }

  loadSync(): NdArray {
    throw new Error("not at once");
  }
}

describe("reading what a model holds", () => {
  it("puts arrays of all branches into the tree", async () => {
    const tree = { data: new Slow(), list: [{ data: new Slow() }, { data: new Slow() }], branch: { data: new Slow() } };
    await loadCells(tree, ["data", "list.1"]);
    expect([tree.data, tree.list[0].data, tree.list[1].data, tree.branch.data].map((v) => v instanceof Cell)).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it("tells of a failure, also when other arrays take longer", async () => {
    // An error that nobody waits for would end the test run.
    const tree = { bad: new Slow(new Error("damaged")), branch: { data: new Slow() }, list: [{ data: new Slow() }] };
    await expect(loadCells(tree, [])).rejects.toThrow("damaged");
    await new Promise((resolve) => setTimeout(resolve, 10));
  });
});

describe("columns", () => {
  const column = { name: "x", dtype: "float32" as const, shape: [], variable: false };
  const schema = { columns: [{ name: "x", datatype: "float32", ndim: 1 }], alternatives: [], extraColumns: false };

  it("need as many dimensions as the schema says, in tables that have rows", () => {
    const table = (n: number) => new Table(n, [{ ...column, data: new Float32Array(n) }]);
    expect(castTable("t", table(0), schema as never).nrows).toBe(0);
    expect(() => castTable("t", table(1), schema as never)).toThrow("values of column x have 0 dimensions");
  });
});
