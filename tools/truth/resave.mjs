#!/usr/bin/env node
// Opens data models and saves them again: resave.mjs LIST OUTDIR. LIST names a file per line; line n becomes OUTDIR/n.fits,
// saved as opened, and OUTDIR/nb.fits, saved when everything has been read and the file is forgotten.
import { mkdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { encodeModel, openModel } from "../../packages/core/datamodels/dist/index.js";
import { atomicFileSink, fileSource } from "../../packages/io/bytes/dist/node.js";

const [list, out] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
for (const [n, file] of readFileSync(list, "utf8").trim().split("\n").entries()) {
  const fileName = basename(file).replace(/\.gz$/, "");
  try {
    for (const suffix of ["", "b"]) {
      const model = await openModel(await fileSource(file), { log: { warn: (m) => console.log(`${file}: ${m}`) } });
      if (suffix === "b") {
        await model.load();
        model.origin = undefined;
      }
      await encodeModel(model, await atomicFileSink(`${out}/${n}${suffix}.fits`), { fileName });
      await model.close();
    }
  } catch (error) {
    console.log(`${file}: ${error}`);
  }
}
