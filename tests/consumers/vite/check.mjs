// A browser bundle of the jump step, run in headless Chromium under a policy without eval, with and without shared memory.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build } from "vite";

await build({ logLevel: "error", build: { outDir: "site", target: "es2022" } });
const types = { ".html": "text/html", ".js": "text/javascript" };
let isolated = false;
const server = createServer((request, response) => {
  const path = request.url === "/" ? "/index.html" : request.url.split("?")[0];
  try {
    const body = readFileSync(join("site", path));
    response.setHeader("content-type", types[path.slice(path.lastIndexOf("."))] ?? "application/octet-stream");
    response.setHeader("content-security-policy", "script-src 'self'");
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
    const text = await page.textContent("#out");
    const wanted = `flag 4 COMPLETE shared ${isolated ? "function" : "undefined"}`;
    if (text !== wanted) throw new Error(`the page says "${text}", wanted "${wanted}"`);
    await page.close();
  }
} finally {
  await browser.close();
  server.close();
}
console.log("  the browser finds the cosmic ray, with and without shared memory");
