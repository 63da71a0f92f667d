import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

const mappings = new URL("./fixtures/mappings/jwst/", import.meta.url);

/** What the small server of the tests serves and what it was asked. */
export interface TestServer {
  url: string;
  /** Methods of services and names of files, in the order of the requests. */
  asked: string[];
  /** Change answers: server info members, file contents, services that fail. */
  info: Record<string, unknown>;
  files: Map<string, Uint8Array>;
  failing: Map<string, string>;
  close(): Promise<void>;
}

const sha1 = (data: Uint8Array) => createHash("sha1").update(data).digest("hex");

/** A server that speaks as much of the CRDS protocol as a pipeline needs, on the mappings of the fixtures. */
export async function startServer(): Promise<TestServer> {
  const files = new Map<string, Uint8Array>();
  for (const name of readdirSync(mappings)) files.set(name, readFileSync(new URL(name, mappings)));
  const text = [...files.values()].map((data) => Buffer.from(data).toString()).join("\n");
  for (const [name] of text.matchAll(/jwst_[\w-]+\.(?:fits|asdf)/g))
    files.set(name, Buffer.from(`content of ${name}\n`));
  const metadata = Object.fromEntries(
    [...files].map(([name, data]) => [name, { size: String(data.length), sha1sum: sha1(data) }]),
  );
  const asked: string[] = [];
  const failing = new Map<string, string>();
  const info: Record<string, unknown> = {};

  const service = (method: string, params: unknown[]): unknown => {
    switch (method) {
      case "get_server_info":
        return info;
      case "get_build_context":
        if (params[1] === "3.0.0") return "jwst_9001.pmap";
        throw new Error(`no context for "${String(params[1])}" & <others>`);
      case "get_default_context":
        return "jwst_9001.pmap";
      case "get_context_by_date":
        return "jwst_9001.pmap";
      case "get_mapping_names":
        return [...files.keys()].filter((name) => name.endsWith("map"));
      case "get_best_references":
        return { gain: "jwst_nircam_gain_0301.fits", flat: "NOT FOUND n/a", dark: "NOT FOUND No match found." };
      default:
        throw new Error(`Unknown method ${method}`);
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? "/";
    const rpc = /^\/json\/(\w+)\/[^/]+\/$/.exec(path);
    if (rpc) {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const { method, params, id, jsonrpc } = JSON.parse(body);
      asked.push(method);
      let answer: unknown;
      try {
        if (jsonrpc !== "1.0" || method !== rpc[1]) throw new Error("bad request");
        if (failing.has(method)) throw new Error(failing.get(method));
        answer = { result: service(method, params), error: null, id };
      } catch (error) {
        const message = (error as Error).message
          .replaceAll("&", "&amp;")
          .replaceAll("<", "&lt;")
          .replaceAll('"', "&#34;");
        answer = { result: null, error: { message }, id };
      }
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(answer));
      return;
    }
    const name = path.split("/").at(-1) ?? "";
    asked.push(name);
    const data = files.get(name);
    if (data) response.end(data);
    else {
      response.statusCode = 404;
      response.end("no such file");
    }
  };

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(info, {
    latest_context: "jwst_9001.pmap",
    operational_context: "jwst_9001.pmap",
    edit_context: "jwst_9002.pmap",
    versions_context: "none",
    observatory: "jwst",
    crds_version: { str: "14.0.3" },
    bad_files: "",
    bad_files_list: [],
    mappings: [],
    force_remote_mode: false,
    last_synced: "2026-11-21 00:00:00",
    max_headers_per_rpc: 500,
    mapping_url: { checked: { jwst: `${url}/get/m` }, unchecked: { jwst: `${url}/files/mappings` } },
    reference_url: { checked: { jwst: `${url}/get/r` }, unchecked: { jwst: `${url}/files/references/` } },
    config_url: { unchecked: { jwst: `${url}/files/config` } },
    pickle_url: { unchecked: { jwst: `${url}/files/pickles` } },
    download_metadata: { crds_encoded: "1.0", crds_payload: gzipSync(JSON.stringify(metadata)).toString("base64") },
  });
  return {
    url,
    asked,
    info,
    files,
    failing,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
