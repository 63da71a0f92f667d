#!/usr/bin/env node
// Compile every AssemblyScript kernel of a package (assembly/*.ts) and write it as a module that carries the bytes:
//   node tools/wasm/build.mjs packages/math/ramp
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import asc from "assemblyscript/asc";

const folder = process.argv[2];
if (folder === undefined) {
  console.error("usage: node tools/wasm/build.mjs packages/GROUP/NAME");
  process.exit(2);
}
const out = join(folder, "src/generated");
mkdirSync(out, { recursive: true });
for (const file of readdirSync(join(folder, "assembly"))) {
  if (!file.endsWith(".ts")) continue;
  const name = file.slice(0, -3);
  const wasm = join(tmpdir(), `${process.pid}-${name}.wasm`);
  const { error, stderr } = await asc.main([
    join(folder, "assembly", file),
    "-O3",
    "--noAssert",
    ...["--runtime", "stub", "--enable", "simd", "--use", "abort=", "-o", wasm],
  ]);
  if (error) {
    console.error(stderr.toString());
    throw error;
  }
  const text = readFileSync(wasm).toString("base64");
  rmSync(wasm);
  writeFileSync(
    join(out, `${name}.wasm.ts`),
    `// Compiled from assembly/${file} by tools/wasm/build.mjs; do not edit.\n\n` +
      `/** The compiled module, base64. */\nexport const ${name}Wasm: string =\n  "${text}";\n`,
  );
  console.log(`${name}: ${Math.ceil((text.length * 3) / 4)} bytes`);
}
