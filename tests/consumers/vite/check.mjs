// A browser bundle of the jump step and of calwebb_detector1, run in headless Chromium under a policy without eval: without shared memory and
// WebAssembly, and with both. The products are those of Node, byte for byte.

import { deepStrictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build } from "vite";
import { calibrate } from "./detector1.mjs";

await build({ logLevel: "error", build: { outDir: "site", target: "es2022" } });
const data = "site/data";
mkdirSync(data);
execFileSync(
  join("node_modules", ".bin", "calwebb-simulate"),
  ["nircam", "--size=48", "--nints=2", "--ngroups=6", "--cosmic-rays=200", "--snowballs=10", `--out=${data}`],
  { stdio: ["ignore", "ignore", "inherit"] },
);
const names = readdirSync(data, { recursive: true }).filter((name) => statSync(join(data, name)).isFile());
writeFileSync(join(data, "names.json"), JSON.stringify(names));
const products = await calibrate(Object.fromEntries(names.map((n) => [n, readFileSync(join(data, n))])));
if (Object.keys(products).length !== 2) throw new Error(`Node wrote ${Object.keys(products)}, wanted two products`);

const types = { ".html": "text/html", ".js": "text/javascript" };
let isolated = false;
const server = createServer((request, response) => {
  const path = request.url === "/" ? "/index.html" : request.url.split("?")[0];
  try {
    const body = readFileSync(join("site", path));
    response.setHeader("content-type", types[path.slice(path.lastIndexOf("."))] ?? "application/octet-stream");
    response.setHeader("content-security-policy", `script-src 'self'${isolated ? " 'wasm-unsafe-eval'" : ""}`);
    if (isolated) {
      response.setHeader("cross-origin-opener-policy", "same-origin");
      response.setHeader("cross-origin-embedder-policy", "require-corp");
    }
    response.end(body);
  } catch {
    response.statusCode = 404;
    response.end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
try {
  for (isolated of [false, true]) {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => document.getElementById("out").textContent !== "running", null, {
      timeout: 60_000,
    });
    const found = JSON.parse(await page.textContent("#out"));
    deepStrictEqual(found, { jump: `flag 4 COMPLETE shared ${isolated ? "function" : "undefined"}`, products });
    await page.close();
  }
} finally {
  await browser.close();
  server.close();
}
console.log(
  "  the browser finds the cosmic ray and calibrates an exposure as Node does, with and without shared memory",
);
