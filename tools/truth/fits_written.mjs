// Writes FITS files with @calwebb/fits for fits_written.py, which reads them with astropy. From the repository root:
//   npx tsc -b packages/io/fits && node tools/truth/fits_written.mjs OUT && python tools/truth/fits_written.py OUT
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NdArray } from "@calwebb/array";
import { atomicFileSink, fileSource } from "@calwebb/bytes/node";
import { formatCard, Header, openFitsSync, writeFits } from "@calwebb/fits";

const out = process.argv[2];
if (!out) throw new Error("usage: node tools/truth/fits_written.mjs OUT");
mkdirSync(out, { recursive: true });
const fixtures = new URL("../../packages/io/fits/test/fixtures/", import.meta.url);

const n = 5;
const types = [
  Uint8Array,
  Int8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
];
const values = (Class) => {
  const data = new Class(24);
  const big = data instanceof BigInt64Array || data instanceof BigUint64Array;
  for (let i = 0; i < 24; i++) data[i] = big ? BigInt(i) * 768614336404564650n : i * i * 12345.678 - 7;
  return data;
};
const plain = (data) =>
  Array.from(data, (x) =>
    typeof x === "bigint"
      ? String(x)
      : Number.isFinite(x) || typeof x !== "number"
        ? x
        : String(x).toLowerCase().replace("infinity", "inf"),
  );

const header = new Header();
const cards = JSON.parse(readFileSync(new URL("header.json", fixtures), "utf8")).formatted.filter(
  (c) => !Array.isArray(c.value),
);
for (const { keyword, value, form, comment } of cards) {
  if (value === null) header.append(keyword, undefined, comment);
  else
    header.append(
      keyword,
      form === "int" && typeof value === "string" ? BigInt(value) : value,
      comment,
      form === "float" ? "float" : undefined,
    );
}
header.addHistory("written for astropy to read ".repeat(6)).addComment("a comment");

const hdus = [{ kind: "image", header }];
const expected = { cards, images: [], columns: [] };
for (const Class of types) {
  const data = new NdArray(values(Class), [2, 3, 4]);
  hdus.push({ kind: "image", name: Class.name, data });
  expected.images.push({ name: Class.name, dtype: data.dtype, shape: [2, 3, 4], values: plain(data.data) });
}
const columns = types.map((Class) => ({ name: Class.name, data: values(Class).slice(0, n), unit: "DN" }));
columns.push(
  { name: "pairs", data: Float64Array.from({ length: 2 * n }, (_, i) => i / 3), shape: [2] },
  { name: "grid", data: Int32Array.from({ length: 6 * n }, (_, i) => i), shape: [2, 3] },
  { name: "flag", data: Uint8Array.of(1, 0, 1, 1, 0), dtype: "bool8" },
  {
    name: "bits",
    data: Uint8Array.from({ length: 11 * n }, (_, i) => (i % 3 === 0 ? 1 : 0)),
    dtype: "bit",
    shape: [11],
  },
  { name: "text", data: ["a", "", "three words here", "it's", "e"] },
  { name: "words", data: ["a", "bb", "c", "d", "e", "f", "g", "h", "ii", "j"], shape: [2] },
  { name: "cpx", data: Float32Array.from({ length: 2 * n }, (_, i) => i - 3), dtype: "complex64", shape: [] },
  {
    name: "vint",
    data: [Int32Array.of(1, 2), new Int32Array(0), Int32Array.of(3), Int32Array.of(4, 5, 6), Int32Array.of(7)],
    variable: true,
  },
  {
    name: "vu16",
    data: [Uint16Array.of(65535), Uint16Array.of(0, 40000), new Uint16Array(0), Uint16Array.of(1), Uint16Array.of(2)],
    variable: true,
  },
  { name: "nulls", data: Int16Array.of(1, -99, 3, 4, 5), null: -99, display: "I6" },
);
for (const c of columns)
  expected.columns.push({
    name: c.name,
    shape: c.shape ?? [],
    variable: !!c.variable,
    values: c.variable ? c.data.map(plain) : plain(c.data),
  });
hdus.push({ kind: "bintable", name: "TABLE", version: 3, columns });
await writeFits(hdus, atomicFileSink(join(out, "new.fits")), { checksum: true });

for (const name of ["images.fits", "tables.fits", "compressed.fits.gz", "header.fits", "ascii.fits"]) {
  const file = openFitsSync(fileSource(new URL(name, fixtures).pathname));
  await writeFits(file.hdus, atomicFileSink(join(out, `copy_${name.replace(".gz", "")}`)), { checksum: true });
}
expected.formatted = cards.map((c) =>
  formatCard("TEST", c.form === "int" && typeof c.value === "string" ? BigInt(c.value) : (c.value ?? undefined), ""),
);
writeFileSync(join(out, "expected.json"), JSON.stringify(expected));
