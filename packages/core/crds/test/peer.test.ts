import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { nodeCrds } from "../src/node.js";
import { startServer } from "./server.js";

// Runs the reference client itself: CALWEBB_PEER_PYTHON=<python with crds> npx vitest run packages/core/crds/test/peer.test.ts
const python = process.env.CALWEBB_PEER_PYTHON;

const HEADER = {
  "meta.instrument.name": "NIRCAM",
  "meta.instrument.detector": "NRCA1",
  "meta.exposure.type": "NRC_IMAGE",
  "meta.exposure.noutputs": 4,
  "meta.exposure.ngroups": 5,
  "meta.instrument.filter": "F200W",
  "meta.instrument.pupil": "CLEAR",
  "meta.subarray.name": "FULL",
  "meta.observation.date": "2022-08-01",
  "meta.observation.time": "00:00:00",
};
const TYPES = ["dark", "flat", "gain", "photom", "pars-jumpstep"];

const SCRIPT = `
import json, sys
import crds
from crds.core import heavy_client
refs = crds.getreferences(json.loads(sys.argv[1]), reftypes=json.loads(sys.argv[2]), observatory="jwst")
print("ANSWER " + json.dumps({"refs": refs, "context": heavy_client.get_context_name("jwst")}))
`;

async function reference(env: Record<string, string>): Promise<{ refs: Record<string, string>; context: string }> {
  const { stdout } = await promisify(execFile)(python!, ["-c", SCRIPT, JSON.stringify(HEADER), JSON.stringify(TYPES)], {
    env: { ...process.env, ...env },
  });
  return JSON.parse(/ANSWER (.*)/.exec(stdout)![1]);
}

describe.skipIf(!python)("beside the reference client", () => {
  it("answers alike, and each can use what the other has left in a cache", async () => {
    const server = await startServer();
    const folder = mkdtempSync(join(tmpdir(), "crds-"));
    try {
      const env = (cache: string, url = server.url) => ({ CRDS_PATH: join(folder, cache), CRDS_SERVER_URL: url });
      const dead = "http://127.0.0.1:9";
      const mine = await nodeCrds({ env: env("ours") }).find(HEADER, TYPES);
      const theirs = await reference(env("theirs"));
      const relative = (refs: Record<string, string>, cache: string) =>
        Object.fromEntries(
          Object.entries(refs).map(([type, path]) => [
            type,
            /n\/a/i.test(path) ? "N/A" : path.replace(join(folder, cache), ""),
          ]),
        );
      expect(relative(mine, "ours")).toEqual(relative(theirs.refs, "theirs"));
      expect(theirs.context).toBe("jwst_9001.pmap");
      // Offline on each other's caches. The client wants all mappings of a context there, we only those that are needed.
      const asked = server.asked.length;
      const offline = nodeCrds({ env: env("theirs", dead) });
      expect(await offline.find(HEADER, TYPES)).toEqual(absolute(mine, "ours", "theirs"));
      const back = await reference({ ...env("ours", dead), CRDS_READONLY_CACHE: "1" });
      expect(relative(back.refs, "ours")).toEqual(relative(mine, "ours"));
      expect(server.asked.length).toBe(asked);
    } finally {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const absolute = (refs: Record<string, string>, from: string, to: string) =>
  Object.fromEntries(Object.entries(refs).map(([type, path]) => [type, path.replace(`/${from}/`, `/${to}/`)]));
