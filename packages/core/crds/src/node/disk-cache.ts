import { createHash, randomUUID } from "node:crypto";
import { access, constants, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { IoError } from "@calwebb/errors";
import type { CrdsCache, Expected } from "../cache.js";
import { checkDownload } from "../server.js";
import { type CachePaths, layoutOf } from "./paths.js";

const INSTRUMENTS = ["miri", "nircam", "niriss", "nirspec", "fgs", "system"];

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new IoError(`cannot read ${path}: ${(error as Error).message}`, { file: path, cause: error });
  }
}

/** Write a small file so that it appears whole. */
async function placeText(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.tmp_${randomUUID()}`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new IoError(`cannot write ${path}: ${(error as Error).message}`, { file: path, cause: error });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

const safe = (name: string): string => {
  // Names come from rules and servers: they may not leave the cache.
  if (name === "" || /[/\\\0]/.test(name) || name.startsWith("."))
    throw new IoError(`"${name}" is no name of a file in a cache`, { file: name });
  return name;
};

/** Instrument in the name of a reference: `jwst_nircam_dark_0101.fits`. */
const instrumentIn = (name: string): string | undefined => {
  const second = name.toLowerCase().split("_")[1];
  return second !== undefined && INSTRUMENTS.includes(second) ? second : undefined;
};

/** A cache on disk, laid out as the reference client's, which may use it at the same time. */
export function diskCache(paths: CachePaths, options: { readonly?: boolean } = {}): CrdsCache {
  let layout: "flat" | "instrument" | undefined;
  const folderFor = (name: string, instrument: string | undefined): string => {
    layout ??= layoutOf(paths);
    const folder = layout === "flat" ? undefined : (instrumentIn(name) ?? instrument?.toLowerCase());
    return folder === undefined ? paths.references : join(paths.references, safe(folder));
  };
  const place = (name: string, instrument: string | undefined) => join(folderFor(name, instrument), safe(name));
  return {
    name: dirname(dirname(paths.mappings)),
    writable: !options.readonly,
    readMapping: (name) => readText(join(paths.mappings, safe(name))),
    writeMapping: (name, text) => placeText(join(paths.mappings, safe(name)), text),
    readConfig: (name) => readText(join(paths.config, safe(name))),
    writeConfig: (name, text) => placeText(join(paths.config, safe(name)), text),
    async findReference(name, instrument) {
      const likely = [place(name, instrument), join(paths.references, safe(name))];
      const others = [instrument, ...INSTRUMENTS].map((i) => join(paths.references, i ?? "", safe(name)));
      for (const path of new Set([...likely, ...others])) if (await exists(path)) return path;
      return undefined;
    },
    placeReference: async (name, instrument) => place(name, instrument),
    async storeReference(name, instrument, body, expected) {
      const path = place(name, instrument);
      await storeStream(path, name, body, expected);
      return path;
    },
  };
}

async function storeStream(
  path: string,
  name: string,
  body: ReadableStream<Uint8Array>,
  expected: Expected,
): Promise<void> {
  const temporary = join(dirname(path), `.tmp_${name}_${randomUUID()}`);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, "wx");
    const hash = createHash("sha1");
    let size = 0;
    const reader = body.getReader();
    try {
      for (let step = await reader.read(); !step.done; step = await reader.read()) {
        size += step.value.length;
        if (expected.size !== undefined && size > expected.size) checkDownload(name, size, undefined, expected);
        hash.update(step.value);
        await file.writeFile(step.value);
      }
      await file.sync();
    } finally {
      await file.close();
      await reader.cancel().catch(() => undefined);
    }
    checkDownload(name, size, hash.digest("hex"), expected);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof IoError) throw error;
    throw new IoError(`cannot store ${path}: ${(error as Error).message}`, { file: path, cause: error });
  }
}
