import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isCalwebbError } from "@calwebb/errors";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCrds, memoryCache } from "../src/index.js";
import { cachePaths, nodeCrds } from "../src/node.js";
import { startServer, type TestServer } from "./server.js";

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
  "meta.visit.tsovisit": false,
  "meta.wcs": { not: "simple" },
};

let folder: string;
let server: TestServer;
let log: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "crds-"));
  server = await startServer();
  log = [];
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const client = (env: Record<string, string> = {}, offline = false) =>
  nodeCrds({ env: { CRDS_PATH: folder, CRDS_SERVER_URL: server.url, ...env }, log: (line) => log.push(line), offline });

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (e) => e,
  );
  expect(isCalwebbError(error, "ReferenceNotFound"), String(error)).toBe(true);
  return String(error.message);
}

describe("with a server", () => {
  it("downloads what is needed, once, into the layout of the reference client", async () => {
    const crds = client();
    const found = await crds.find(HEADER, ["dark", "gain", "photom", "pars-jumpstep", "psfmask"]);
    expect(found).toEqual({
      dark: join(folder, "references/jwst/nircam/jwst_nircam_dark_0102.fits"),
      gain: join(folder, "references/jwst/nircam/jwst_nircam_gain_0301.fits"),
      photom: "N/A",
      "pars-jumpstep": join(folder, "references/jwst/nircam/jwst_nircam_pars-jumpstep_0401.asdf"),
    });
    expect(readFileSync(found.dark, "utf8")).toBe("content of jwst_nircam_dark_0102.fits\n");
    expect(await crds.context()).toBe("jwst_9001.pmap");
    expect(existsSync(join(folder, "mappings/jwst/jwst_nircam_9001.imap"))).toBe(true);
    expect(readdirSync(join(folder, "references/jwst/nircam"))).toHaveLength(3);
    // Only the mappings on the way to these types, and nothing twice.
    expect(server.asked.filter((name) => name.endsWith("map")).sort()).toEqual([
      "jwst_9001.pmap",
      "jwst_nircam_9001.imap",
      "jwst_nircam_dark_9001.rmap",
      "jwst_nircam_gain_9001.rmap",
      "jwst_nircam_pars-jumpstep_9001.rmap",
    ]);
    expect(new Set(server.asked).size).toBe(server.asked.length);

    const before = server.asked.length;
    expect(await client({ CRDS_CONTEXT: "jwst_9001.pmap" }).find(HEADER, ["dark"])).toEqual({ dark: found.dark });
    expect(server.asked.length).toBe(before);
    // What the server said is remembered, so that the next run works without it.
    expect(await client({}, true).find(HEADER, ["dark", "gain"])).toEqual({ dark: found.dark, gain: found.gain });
  });

  it("prefetches in parallel and keeps failures for later", async () => {
    const crds = client();
    server.files.delete("jwst_nircam_gain_0301.fits");
    const found = await crds.prefetch(HEADER, ["dark", "gain", "ipc"]);
    expect(Object.keys(found)).toEqual(["dark"]);
    expect(log.join("\n")).toMatch(/gain cannot be fetched in advance.*404/);
    expect(await failure(crds.find(HEADER, ["gain"]))).toMatch(/jwst_nircam_gain_0301\.fits.*404.*--override_gain/);
  });

  it("fetches more types than it downloads at a time", async () => {
    const header = { ...HEADER, "meta.instrument.name": "MIRI", "meta.instrument.detector": "MIRIMAGE" };
    const other = {
      "meta.wavelength": 7,
      "meta.temperature": 4,
      "meta.swversion": "4",
      "meta.calibration_software_version": "1.9",
    };
    const crds = client();
    const all = await Promise.all([
      crds.find({ ...header, ...other }, ["area", "gain", "mask", "reset"]),
      crds.find(HEADER, ["dark", "gain", "flat"]),
    ]);
    expect(all.map((found) => Object.keys(found).length)).toEqual([4, 3]);
    for (const path of all.flatMap((found) => Object.values(found))) expect(existsSync(path)).toBe(true);
  });

  it("refuses downloads that are not what the server said, and leaves nothing behind", async () => {
    server.files.set("jwst_nircam_dark_0102.fits", Buffer.from("CONTENT of jwst_nircam_dark_0102.fits\n"));
    server.files.set("jwst_nircam_gain_0301.fits", Buffer.from("too short"));
    server.files.set("jwst_nircam_pars-jumpstep_0401.asdf", Buffer.alloc(1000));
    expect(await failure(client().find(HEADER, ["dark"]))).toMatch(/has the checksum/);
    expect(await failure(client().find(HEADER, ["gain"]))).toMatch(/has 9 bytes, the server says 38/);
    expect(await failure(client().find(HEADER, ["pars-jumpstep"]))).toMatch(/has 1000 bytes, the server says/);
    expect(readdirSync(join(folder, "references/jwst/nircam"))).toEqual([]);
    const lax = client({ CRDS_DOWNLOAD_CHECKSUMS: "0" });
    expect(readFileSync((await lax.find(HEADER, ["dark"])).dark, "utf8")).toMatch(/^CONTENT/);
  });

  it("translates contexts", async () => {
    const context = (CRDS_CONTEXT: string) => client({ CRDS_CONTEXT }).context();
    expect(await context("jwst_0001.pmap")).toBe("jwst_0001.pmap");
    expect(await context("latest")).toBe("jwst_9001.pmap");
    expect(await context("jwst-operational")).toBe("jwst_9001.pmap");
    expect(await context("jwst-edit")).toBe("jwst_9002.pmap");
    expect(await context("jwst-build")).toBe("jwst_9001.pmap");
    expect(await context("jwst-2022-07-12T00:00:00")).toBe("jwst_9001.pmap");
    expect(server.asked).toContain("get_context_by_date");
  });

  it("falls back to the latest context when the server has none for the version", async () => {
    server.info.latest_context = "jwst_9001.pmap";
    const crds = createCrds({ server: server.url, calibrationVersion: "0.1.0", log: (line) => log.push(line) });
    expect(await crds.context()).toBe("jwst_9001.pmap");
    expect(log.join()).toContain('no context for "0.1.0" & <others>');
  });

  it("leaves the choice to the server when it says so", async () => {
    const crds = client({ CRDS_MODE: "remote", CRDS_CONTEXT: "jwst_9001.pmap" });
    expect(await crds.find(HEADER, ["gain", "flat", "area"])).toMatchObject({ flat: "N/A" });
    expect(server.asked).toContain("get_best_references");
    expect(await failure(crds.find(HEADER, ["dark"]))).toMatch(/No match found/);
  });

  it("does not use files that are marked bad", async () => {
    server.info.bad_files_list = ["jwst_nircam_dark_0102.fits"];
    expect(await failure(client().find(HEADER, ["dark"]))).toMatch(/scientifically invalid/);
    expect(await client({ CRDS_ALLOW_BAD_REFERENCES: "1" }).find(HEADER, ["dark"])).toHaveProperty("dark");
  });

  it("answers with URLs where there is no disk", async () => {
    const crds = createCrds({ server: server.url, cache: memoryCache() });
    expect(await crds.find(HEADER, ["dark"])).toEqual({
      dark: `${server.url}/files/references/jwst_nircam_dark_0102.fits`,
    });
  });

  it("tries again as often as it is told", async () => {
    server.failing.set("get_server_info", "busy");
    setTimeout(() => server.failing.clear(), 20);
    const crds = client({ CRDS_CLIENT_RETRY_COUNT: "3", CRDS_CLIENT_RETRY_DELAY_SECONDS: "0.1" });
    // A refusal is an answer; only an unreachable server is asked again.
    expect(await failure(crds.find(HEADER, ["dark"]))).toMatch(/get_server_info: busy/);
    expect(server.asked).toEqual(["get_server_info"]);
  });

  it("stops when the caller's signal fires", async () => {
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    await expect(client().find(HEADER, ["dark"], { signal: controller.signal })).rejects.toThrow("enough");
  });
});

describe("without a server", () => {
  const fixtures = fileURLToPath(new URL("./fixtures/", import.meta.url));
  const offline = (env: Record<string, string> = {}) => client({ CRDS_CONTEXT: "jwst_9001.pmap", ...env }, true);
  beforeEach(() => cpSync(fixtures, folder, { recursive: true }));

  it("finds references in either layout", async () => {
    const references = join(folder, "references/jwst");
    mkdirSync(join(references, "nircam"), { recursive: true });
    writeFileSync(join(references, "nircam/jwst_nircam_dark_0102.fits"), "");
    writeFileSync(join(references, "jwst_nircam_gain_0301.fits"), "");
    expect(await offline().find(HEADER, ["dark", "gain"])).toEqual({
      dark: join(references, "nircam/jwst_nircam_dark_0102.fits"),
      gain: join(references, "jwst_nircam_gain_0301.fits"),
    });
    expect(await offline().find(HEADER, ["flat"], { download: false })).toEqual({
      flat: join(references, "nircam/jwst_nircam_flat_0201.fits"),
    });
    writeFileSync(join(folder, "config/jwst/ref_cache_subdir_mode"), "flat");
    expect(await offline().find(HEADER, ["flat"], { download: false })).toEqual({
      flat: join(references, "jwst_nircam_flat_0201.fits"),
    });
  });

  it("uses the remembered context", async () => {
    expect(await client({}, true).context()).toBe("jwst_9001.pmap");
    const serverless = nodeCrds({ env: { CRDS_PATH: folder, CRDS_SERVER_URL: "https://jwst-serverless.stsci.edu" } });
    expect(await serverless.context()).toBe("jwst_9001.pmap");
  });

  it("says what is missing and how to give it", async () => {
    const message = await failure(offline().find(HEADER, ["dark"]));
    expect(message).toContain("no dark reference in context jwst_9001.pmap");
    expect(message).toContain("meta.instrument.detector=NRCA1");
    expect(message).toContain("jwst_nircam_dark_0102.fits is not in");
    expect(message).toContain("--override_dark=FILE");
    expect(await failure(offline().find({ ...HEADER, "meta.instrument.detector": "NRCB5" }, ["dark"]))).toContain(
      "value='NRCB5' is not in",
    );
    expect(await failure(offline().find({}, ["dark"]))).toContain("for a data set without metadata");
    expect(await failure(offline({ CRDS_CONTEXT: "jwst_0042.pmap" }).find(HEADER, ["dark"]))).toContain(
      "jwst_0042.pmap is not in",
    );
    rmSync(join(folder, "config"), { recursive: true });
    expect(await failure(client({}, true).find(HEADER, ["dark"]))).toMatch(/no context is set.*CRDS_CONTEXT/);
  });

  it("answers optional types with N/A", async () => {
    expect(await offline().find(HEADER, ["pars-darkstep", "ipc"], { optional: ["pars-darkstep", "ipc"] })).toEqual({
      "pars-darkstep": "N/A",
      ipc: "N/A",
    });
    expect(await failure(offline().find(HEADER, ["pars-darkstep"]))).not.toContain("--override");
  });

  it("refuses a damaged mapping unless told otherwise", async () => {
    const path = join(folder, "mappings/jwst/jwst_nircam_dark_9001.rmap");
    writeFileSync(path, readFileSync(path, "utf8").replace("dark_0102", "dark_0109"));
    expect(await failure(offline().find(HEADER, ["dark"]))).toMatch(/sha1sum mismatch.*rules are damaged/);
    const lax = offline({ CRDS_IGNORE_MAPPING_CHECKSUM: "true" });
    expect(Object.keys(await lax.find(HEADER, ["dark"], { download: false }))).toEqual(["dark"]);
  });

  it("asks nothing of an unreachable server beyond what it needs", async () => {
    const dead = { CRDS_SERVER_URL: "http://127.0.0.1:9" };
    expect(await failure(client({ ...dead, CRDS_CONTEXT: "jwst_9001.pmap" }).find(HEADER, ["dark"]))).toMatch(
      /cannot be downloaded: .*127\.0\.0\.1:9/,
    );
    expect(await client(dead).context()).toBe("jwst_9001.pmap");
  });
});

describe("places of the cache", () => {
  it("follow the variables, the most specific first", () => {
    const paths = (env: Record<string, string>) => cachePaths(env, "jwst");
    expect(paths({})).toMatchObject({ mappings: "/grp/crds/cache/mappings/jwst" });
    expect(paths({ CRDS_PATH: "/c" })).toEqual({
      mappings: "/c/mappings/jwst",
      references: "/c/references/jwst",
      config: "/c/config/jwst",
    });
    const env = {
      CRDS_PATH: "/c",
      CRDS_PATH_SINGLE: "/s",
      CRDS_REFPATH: "/r",
      CRDS_MAPPATH: "/m",
      CRDS_MAPPATH_SINGLE: "/ms",
    };
    expect(paths(env)).toEqual({ mappings: "/ms", references: "/r/jwst", config: "/s/config" });
  });
});
