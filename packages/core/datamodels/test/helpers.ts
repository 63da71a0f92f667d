import { memorySink, memorySource } from "@calwebb/bytes";
import { fileSource } from "@calwebb/bytes/node";
import { openFits } from "@calwebb/fits";
import { encodeModel, type Model, openModel } from "../src/index.js";

const fixture = (name: string): string => new URL(`./fixtures/${name}`, import.meta.url).pathname;

export async function source(name: string) {
  return fileSource(fixture(name));
}

/** The decompressed bytes of a fixture. */
export async function bytesOf(name: string): Promise<Uint8Array> {
  const file = await source(name);
  return (await file.read(0, file.size)).slice();
}

export async function open(name: string): Promise<Model> {
  return openModel(await source(name));
}

/** What saving writes. */
export async function encoded(model: Model, fileName?: string): Promise<Uint8Array> {
  const sink = memorySink();
  await encodeModel(model, sink, { fileName });
  return sink.bytes().slice();
}

export async function saved(model: Model, fileName = "saved.fits"): Promise<Model> {
  return openModel(memorySource(await encoded(model, fileName), fileName));
}

/** Raw cards and data of every HDU but the ASDF extension, without DATE. */
export async function hdusOf(bytes: Uint8Array): Promise<{ name: string; cards: string[]; data: Uint8Array }[]> {
  const file = await openFits(memorySource(bytes, "x.fits"));
  const out = [];
  for (const hdu of file.hdus) {
    if (hdu.name === "ASDF") continue;
    const cards = hdu.header.cards.filter((c) => c.keyword !== "DATE").map((c) => c.raw);
    out.push({ name: `${hdu.name},${hdu.version}`, cards, data: hdu.readBytesSync() });
  }
  return out;
}
