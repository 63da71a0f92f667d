// Reads the transforms of packages/core/wcs/test/fixtures and writes them with @calwebb/wcs, for Python to read:
//     npx tsc -b packages/core/wcs && node tools/truth/wcs_written.mjs OUT.asdf && python tools/truth/wcs_fixtures.py OUT.asdf
//     node tools/truth/wcs_written.mjs OUT.asdf grism && python tools/truth/grism_fixtures.py OUT.asdf
import { readFileSync, writeFileSync } from "node:fs";
import { transformFromAsdf, Wcs } from "../../packages/core/wcs/dist/index.js";
import { encodeAsdfSync, parseAsdfSync } from "../../packages/io/asdf/dist/index.js";

const [, , out, fixture = "transforms"] = process.argv;
const { tree } = parseAsdfSync(
  readFileSync(new URL(`../../packages/core/wcs/test/fixtures/${fixture}.asdf`, import.meta.url)),
);
const transforms = Object.fromEntries(
  Object.entries(tree.transforms).map(([name, node]) => [name, transformFromAsdf(node).toAsdf()]),
);
const wcs = tree.wcs ? { wcs: Wcs.fromAsdf(tree.wcs).toAsdf() } : {};
writeFileSync(out, encodeAsdfSync({ transforms, ...wcs }));
