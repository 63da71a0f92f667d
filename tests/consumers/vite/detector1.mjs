// One program for Node and the browser: raw bytes to the bytes of the products, all in memory.
import { Detector1Pipeline } from "@calwebb/detector1";
import { memoryHost } from "@calwebb/stpipe";

/** Times of day are when the products were written. */
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?/g;

/**
 * @param files - bytes by name, among them a raw exposure and references.json, which names the others
 * @returns {Promise<Record<string, { size: number, digest: string }>>} the products, their times of writing left out
 */
export async function calibrate(files) {
  const host = memoryHost({ files });
  const set = JSON.parse(new TextDecoder().decode(files["references.json"]));
  const references = Object.fromEntries(
    Object.entries(set).map(([type, name]) => [type, name === "N/A" ? name : `/${name}`]),
  );
  await Detector1Pipeline.call(
    `/${Object.keys(files).find((name) => name.endsWith("_uncal.fits"))}`,
    { save_results: true, output_dir: "/out", steps: { jump: { expand_large_events: true } } },
    { host, references },
  );
  const products = {};
  for (const [path, bytes] of host.files) {
    if (!path.startsWith("/out/")) continue;
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    const timeless = Uint8Array.from(text.replace(TIME, "T"), (c) => c.charCodeAt(0));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", timeless));
    products[path] = { size: bytes.length, digest: [...digest].map((b) => b.toString(16).padStart(2, "0")).join("") };
  }
  return products;
}
