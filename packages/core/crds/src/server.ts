import { describeError, IoError } from "@calwebb/errors";
import type { CrdsCache, Expected } from "./cache.js";
import { parseExpression } from "./python.js";
import { decodePayload, type Fetch, RpcClient, retried } from "./rpc.js";
import { once } from "./rules.js";
import type { Settings } from "./settings.js";
import { sha1Hex } from "./sha1.js";
import { literal, plain, repr } from "./value.js";

/** What a server says about itself, as it is kept in `server_config`. */
export interface ServerInfo extends Record<string, unknown> {
  latest_context?: string;
  operational_context?: string;
  edit_context?: string;
  versions_context?: string;
  bad_files_list?: string[];
  force_remote_mode?: boolean;
}

/** Reference files are large: more at the same time only share the line. */
const MAX_DOWNLOADS = 4;

/** A CRDS server, and the memory of it that the cache has. */
export class Server {
  readonly rpc: RpcClient | undefined;
  private readonly settings: Settings;
  private readonly cache: CrdsCache;
  private readonly log: (message: string) => void;
  private readonly done = new Map<string, Promise<unknown>>();
  private readonly downloads = new Set<Promise<undefined>>();
  /** Why the server could not be asked, once that is known. */
  failure: unknown;
  /** Whether the information came from the server in this run. */
  connected = false;

  constructor(settings: Settings, cache: CrdsCache, fetch: Fetch, log: (message: string) => void) {
    this.settings = settings;
    this.cache = cache;
    this.log = log;
    if (settings.online) this.rpc = new RpcClient({ ...settings.network, server: settings.server, fetch });
  }

  /** Information of the server; what the cache remembers of it when it cannot be reached; undefined without either. */
  info(): Promise<ServerInfo | undefined> {
    return once(this.done, "info", () => this.loadInfo()) as Promise<ServerInfo | undefined>;
  }

  private async loadInfo(): Promise<ServerInfo | undefined> {
    if (!this.rpc) return this.remembered();
    try {
      const info = (await this.rpc.call("get_server_info", [])) as ServerInfo;
      this.connected = true;
      for (const section of ["reference_url", "mapping_url", "config_url", "pickle_url"]) {
        const urls = info[section] as { unchecked?: unknown } | undefined;
        if (urls?.unchecked) info[section] = urls.unchecked;
      }
      await this.remember(info);
      return info;
    } catch (error) {
      this.failure = error;
      this.log(`the CRDS server ${this.settings.server} cannot be used, the cache is: ${describeError(error)}`);
      return this.remembered();
    }
  }

  /** What the cache knows from an earlier run. */
  private async remembered(): Promise<ServerInfo | undefined> {
    const text = await this.cache.readConfig("server_config");
    if (text === undefined) return undefined;
    try {
      return plain(literal(parseExpression(text, "server_config"), "server_config")) as ServerInfo;
    } catch (error) {
      this.log(`${this.cache.name}: server_config cannot be read: ${describeError(error)}`);
      return undefined;
    }
  }

  /** Leave the information in the cache, in the form in which other clients look for it. */
  private async remember(info: ServerInfo): Promise<void> {
    if (!this.cache.writable) return;
    try {
      const status = { ...info, server: this.settings.server, status: "server", connected: true };
      await this.cache.writeConfig("server_config", repr(status));
      await this.cache.writeConfig("bad_files.txt", (info.bad_files_list ?? []).join("\n"));
    } catch (error) {
      this.log(`${this.cache.name}: the answer of the server cannot be kept: ${describeError(error)}`);
    }
  }

  /** Files that are known to be wrong. The server is not asked for this alone: with a context and full cache a run is offline. */
  async badFiles(): Promise<ReadonlySet<string>> {
    const info = await (this.done.has("info") ? this.info() : once(this.done, "remembered", () => this.remembered()));
    return new Set((info as ServerInfo | undefined)?.bad_files_list ?? []);
  }

  /** Size and checksum of every file, as far as the server says. */
  private metadata(): Promise<Record<string, { size?: unknown; sha1sum?: unknown }>> {
    return once(this.done, "metadata", async () => {
      const info = await this.info();
      const given = info?.download_metadata;
      if (given !== undefined) return decodePayload(given);
      return this.rpc?.call("get_file_info_map", [this.settings.observatory, null, ["size", "sha1sum"]]) ?? {};
    }) as Promise<Record<string, { size?: unknown; sha1sum?: unknown }>>;
  }

  /** Where a file can be downloaded. */
  async url(name: string): Promise<string> {
    const mapping = /\.[pir]map$/.test(name);
    const override = mapping ? this.settings.mappingUri : this.settings.referenceUri;
    const section = (await this.info())?.[mapping ? "mapping_url" : "reference_url"];
    const base = override ?? (section as Record<string, unknown> | undefined)?.[this.settings.observatory];
    if (typeof base !== "string")
      throw new IoError(`${this.settings.server} does not say where ${name} can be downloaded`);
    return `${base.replace(/\/+$/, "")}/${name}`;
  }

  private async expected(name: string): Promise<Expected> {
    const entry = (await this.metadata())[name];
    if (!entry) throw new IoError(`the CRDS server ${this.settings.server} does not know ${name}`, { file: name });
    const { lengths, checksums } = this.settings.verify;
    const sum = String(entry.sha1sum ?? "");
    return {
      size: lengths && entry.size !== undefined ? Number(entry.size) : undefined,
      sha1: checksums && sum !== "" && sum !== "none" ? sum : undefined,
    };
  }

  /** Download a mapping. @throws {IoError} */
  async mapping(name: string, signal?: AbortSignal): Promise<string> {
    const [url, expected] = await Promise.all([this.url(name), this.expected(name)]);
    return retried(this.settings.network, signal, async () => {
      const response = await this.rpc!.get(url, {}, signal);
      const bytes = new Uint8Array(await response.arrayBuffer());
      checkDownload(name, bytes.length, expected.sha1 === undefined ? undefined : sha1Hex(bytes), expected);
      return new TextDecoder().decode(bytes);
    });
  }

  /** Download a reference into the cache and return its place; a few at the same time. @throws {IoError} */
  async reference(name: string, instrument: string | undefined, signal?: AbortSignal): Promise<string> {
    while (this.downloads.size >= MAX_DOWNLOADS) await Promise.race(this.downloads);
    const job = this.download(name, instrument, signal);
    const settled = job.then(
      () => undefined,
      () => undefined,
    );
    this.downloads.add(settled);
    try {
      return await job;
    } finally {
      this.downloads.delete(settled);
    }
  }

  private async download(name: string, instrument: string | undefined, signal?: AbortSignal): Promise<string> {
    const [url, expected] = await Promise.all([this.url(name), this.expected(name)]);
    this.log(`downloading ${name}${expected.size === undefined ? "" : ` (${(expected.size / 1e6).toFixed(1)} MB)`}`);
    return retried(this.settings.network, signal, async () => {
      const response = await this.rpc!.get(url, {}, signal);
      if (!response.body) throw new IoError(`${url} has no content`, { file: url });
      return this.cache.storeReference!(name, instrument, response.body, expected);
    });
  }
}

/** @throws {IoError} when a download is not what the server said it would be */
export function checkDownload(name: string, size: number, sha1: string | undefined, expected: Expected): void {
  if (expected.size !== undefined && size !== expected.size)
    throw new IoError(`the download of ${name} has ${size} bytes, the server says ${expected.size}`, { file: name });
  if (expected.sha1 !== undefined && sha1 !== expected.sha1)
    throw new IoError(`the download of ${name} has the checksum ${sha1}, the server says ${expected.sha1}`, {
      file: name,
    });
}
