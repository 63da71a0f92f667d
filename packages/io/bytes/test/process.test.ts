import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

// What happens to temporary files when a write fails for real, and when the process is ended.

const folder = mkdtempSync(join(tmpdir(), "process-"));
const out = join(folder, "out");
const library = join(folder, "bytes.mjs");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  buildSync({
    entryPoints: [fileURLToPath(new URL("../src/node.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@calwebb/source"],
    outfile: library,
  });
  writeFileSync(
    join(folder, "write.mjs"),
    `import { mkdirSync } from "node:fs";
    import { atomicFileSink, installCleanup } from "./bytes.mjs";
    installCleanup();
    const sink = atomicFileSink(process.argv[2]);
    try {
      for (let at = 0; at < Number(process.argv[3]); at += 65536) await sink.write(new Uint8Array(65536), at);
      console.log("written");
      if (process.argv[4] === "wait") setInterval(() => {}, 1000);
      else if (process.argv[4] === "exit") process.exit(3);
      else await sink.commit();
    } catch (error) { console.log(error.kind + ": " + error.message); }`,
  );
});
beforeEach(() => {
  rmSync(out, { recursive: true, force: true });
});

/** Run the script under a limit of the file size; send a signal once it says that it has written. */
async function child(args: string[], limit: string, signal?: NodeJS.Signals): Promise<{ text: string; end: unknown }> {
  const command = `mkdir -p "${out}"; ulimit -f ${limit}; exec "${process.execPath}" "${join(folder, "write.mjs")}" ${args.join(" ")}`;
  const running = spawn("bash", ["-c", command]);
  let text = "";
  running.stdout.on("data", (data) => {
    text += data;
    if (signal !== undefined && text.includes("written")) running.kill(signal);
  });
  const end = await new Promise((resolve) => running.on("close", (code, by) => resolve(by ?? code)));
  return { text: text.trim(), end };
}

describe.skipIf(process.platform === "win32")("temporary files", () => {
  const path = `"${join(out, "a.fits")}"`;
  it("become the file when all is written", async () => {
    expect(await child([path, "200000"], "unlimited")).toEqual({ text: "written", end: 0 });
    expect(readdirSync(out)).toEqual(["a.fits"]);
  });
  it("are removed when the disk takes no more", async () => {
    const { text } = await child([path, "10000000"], "100");
    expect(text).toMatch(/^IoError: cannot write .*a\.fits: the file would be larger than the file system allows/);
    expect(readdirSync(out)).toEqual([]);
  });
  it.each(["SIGINT", "SIGTERM"] as const)("are removed on %s, which still ends the process", async (signal) => {
    expect(await child([path, "200000", "wait"], "unlimited", signal)).toEqual({ text: "written", end: signal });
    expect(readdirSync(out)).toEqual([]);
  });
  it("are removed when the process exits", async () => {
    expect(await child([path, "200000", "exit"], "unlimited")).toEqual({ text: "written", end: 3 });
    expect(readdirSync(out)).toEqual([]);
  });
});
