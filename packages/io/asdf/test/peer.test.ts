import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { NdArray } from "@calwebb/array";
import { describe, expect, it } from "vitest";
import {
  AsdfArray,
  AsdfComplex,
  type AsdfFile,
  type AsdfMapping,
  cloneTree,
  encodeAsdfSync,
  isFloat,
  parseAsdf,
  parseAsdfSync,
  Tagged,
  Timestamp,
} from "../src/index.js";

// Written by the Python asdf library, with what it reads from them: tools/truth/asdf_fixtures.py.
const folder = new URL("./fixtures/", import.meta.url);
const names = readdirSync(folder)
  .filter((f) => f.endsWith(".json"))
  .map((f) => f.slice(0, -5));
const load = (name: string) => new Uint8Array(readFileSync(new URL(`${name}.asdf`, folder)));
const truth = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));

function pythonFloat(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x < 0 ? "-inf" : "inf";
  if (Object.is(x, -0)) return "-0.0";
  if (x !== 0 && (Math.abs(x) < 1e-4 || Math.abs(x) >= 1e16)) {
    const [digits, exponent] = x.toExponential().split("e");
    return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
  }
  return Number.isInteger(x) ? `${x}.0` : String(x);
}

/** Our tree in the notation of the fixtures. */
function notation(node: unknown, container: object = {}, key: unknown = undefined): unknown {
  if (typeof node === "bigint") return Number(node);
  if (typeof node === "number") {
    const float = !Number.isInteger(node) || Object.is(node, -0) || isFloat(container, key);
    return float ? { $float: pythonFloat(node) } : node;
  }
  if (node instanceof Timestamp) return { $time: node.text.replace(" ", "T") };
  if (node instanceof AsdfComplex) return { $complex: [pythonFloat(node.re), pythonFloat(node.im)] };
  if (node instanceof Tagged) return { $tag: node.tag, value: notation(node.value, node, "value") };
  if (Array.isArray(node)) return node.map((item, i) => notation(item, node, i));
  if (node instanceof Map) return Object.fromEntries([...node].map(([k, v]) => [String(k), notation(v, node, k)]));
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([k, v]) => [k, notation(v, node, k)]));
}

function values(array: NdArray): unknown {
  const flat = Array.from(array.copy().data as ArrayLike<number | bigint>);
  return flat.map((v) => (typeof v === "bigint" ? String(v) : Number.isFinite(v) ? v : pythonFloat(v)));
}

function arrayNotation(array: AsdfArray): unknown {
  const type = array.datatype;
  if (Array.isArray(type) && typeof type[0] !== "string") {
    const fields = array.readFieldsSync();
    const put = (name: string, value: NdArray | string[]) =>
      value instanceof NdArray ? { [name]: numberNotation(value) } : { [name]: { text: value } };
    return Object.assign({}, ...Object.entries(fields).map(([name, value]) => put(name, value)));
  }
  if (Array.isArray(type)) return { $text: array.readTextSync(), shape: [...array.shape] };
  return numberNotation(array.readSync(), type === "bool8");
}

function numberNotation(array: NdArray, bool = false): unknown {
  const list = values(array) as unknown[];
  return {
    $array: bool ? "bool8" : array.dtype,
    shape: [...array.shape],
    values: bool ? list.map(Boolean) : list,
  };
}

/** The structured members of the fixture, flattened the way `readFields` names them. */
function flattenFields(node: { $fields: Record<string, never> }, prefix = ""): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(node.$fields) as [string, Record<string, unknown>][]) {
    if ("$fields" in member) Object.assign(out, flattenFields(member as never, `${prefix}${name}.`));
    else out[prefix + name] = "$text" in member ? { text: member.$text } : member;
  }
  return out;
}

function check(file: AsdfFile, name: string): void {
  const { tree, arrays } = truth(name);
  const ours = notation(file.tree) as AsdfMapping;
  for (const [key, want] of Object.entries(tree)) {
    expect(ours[key], key).toEqual(want);
  }
  for (const [key, want] of Object.entries(arrays as Record<string, { $fields?: Record<string, never> }>)) {
    const array = (file.tree.arrays as Record<string, AsdfArray>)[key];
    const wanted = want.$fields ? flattenFields(want as { $fields: Record<string, never> }) : want;
    expect(arrayNotation(array), key).toEqual(wanted);
  }
}

describe.each(names)("%s.asdf of the Python library", (name) => {
  it("is read as Python reads it", async () => {
    const file = await parseAsdf(load(name), { name, verifyChecksums: true });
    expect(file.warnings).toEqual([]);
    check(file, name);
  });

  it("is the same after a round trip, and stable", () => {
    const bytes = encodeAsdfSync(parseAsdfSync(load(name)), { library: null });
    const file = parseAsdfSync(bytes, { verifyChecksums: true });
    check(file, name);
    expect(encodeAsdfSync(file, { library: null })).toEqual(bytes);
    // For the Python library to look at: tools/truth/asdf_fixtures.py --check.
    if (!process.env.CALWEBB_ASDF_OUT) return;
    const out = (kind: string, data: Uint8Array) =>
      writeFileSync(`${process.env.CALWEBB_ASDF_OUT}/${name}@${kind}.asdf`, data);
    out("copied", bytes);
    const owned = cloneTree(file.tree, (leaf) =>
      leaf instanceof AsdfArray && typeof leaf.datatype === "string" && leaf.datatype !== "float16"
        ? AsdfArray.of(leaf.readSync(), { datatype: leaf.datatype })
        : leaf,
    );
    out("own", encodeAsdfSync(owned));
    out("lz4", encodeAsdfSync(owned, { compression: "lz4" }));
    out("zlib", encodeAsdfSync(owned, { compression: "zlib" }));
    // Half floats and the tags of `scalars` came with 1.6.0.
    if (name !== "arrays" && name !== "scalars") out("1.5.0", encodeAsdfSync(owned, { version: "1.5.0" }));
  });
});

describe("details of the fixtures", () => {
  const { tree, history, extensions } = parseAsdfSync(load("scalars"));

  it("keeps integers beyond 2^53 exactly", () => {
    expect((tree.ints as unknown[]).slice(4)).toEqual([2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 62n)]);
  });

  it("reads complex numbers", () => {
    expect(tree.complex).toEqual([
      new AsdfComplex(1, 2),
      new AsdfComplex(-0, -0.5),
      new AsdfComplex(3.5, 0),
      new AsdfComplex(Number.POSITIVE_INFINITY, -1),
      new AsdfComplex(1e-7, 1e22),
    ]);
  });

  it("keeps shared nodes shared", () => {
    const shared = tree.shared as { first: { a: unknown }; second: unknown; list: unknown };
    expect(shared.second).toBe(shared.first);
    expect(shared.list).toBe(shared.first.a);
  });

  it("gives the history and the extensions", () => {
    expect(history.map((h) => h.description)).toEqual(["first", "second"]);
    expect(extensions[0].extension_uri).toBe("asdf://asdf-format.org/core/extensions/core-1.6.0");
    expect(parseAsdfSync(load("standard-1.2.0")).history.map((h) => h.description)).toEqual(["made"]);
  });

  it("maps keys that are no strings to a Map", () => {
    expect(tree["integer keys"]).toEqual(
      new Map<unknown, unknown>([
        [1, "one"],
        [2, "two"],
        ["three", 3],
      ]),
    );
  });

  it("reads a part of an array", () => {
    const { float64, base } = parseAsdfSync(load("arrays")).tree.arrays as Record<string, AsdfArray>;
    expect(float64.readSync([1, 2]).flat()).toEqual(float64.readSync().flat().slice(12));
    expect(base.readSync([1, 3]).flat()).toEqual(Int32Array.from({ length: 12 }, (_, i) => i + 6));
  });

  it("refuses external blocks and says so", () => {
    const { arrays } = parseAsdfSync(load("external"), { name: "external.asdf" }).tree;
    expect(() => (arrays as Record<string, AsdfArray>).a.readSync()).toThrow(
      /external\.asdf: array "external0000\.asdf" is not in these bytes/,
    );
  });
});
