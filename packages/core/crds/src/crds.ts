import { describeError, ReferenceNotFound } from "@calwebb/errors";
import { type CrdsCache, memoryCache } from "./cache.js";
import { conditionHeader } from "./condition.js";
import { BadLookup, RuleFormatError } from "./error.js";
import { instrumentOf, type Outcome } from "./mapping.js";
import type { FindOptions, ReferenceAnswers, ReferenceResolver } from "./resolver.js";
import type { Fetch } from "./rpc.js";
import { once, Rules } from "./rules.js";
import { Server } from "./server.js";
import { type Environment, readSettings, type Settings } from "./settings.js";

/** Version of the calibration software whose rules are used when nothing else is asked for. */
export const CALIBRATION_VERSION = "3.0.0";

export interface CrdsOptions {
  /** Variables such as `CRDS_CONTEXT`; none if left out. */
  env?: Environment;
  /** Where files are kept; in memory if left out. */
  cache?: CrdsCache;
  /** Address of the server; `CRDS_SERVER_URL`, else the public JWST server. */
  server?: string;
  /** Never ask a server. */
  offline?: boolean;
  /** Gets a line about downloads and about what was done without the server. */
  log?: (message: string) => void;
  fetch?: Fetch;
  /** Version of the calibration software for the server's choice of a context; default {@link CALIBRATION_VERSION}. */
  calibrationVersion?: string;
}

/** A resolver that follows the CRDS rules. */
export interface Crds extends ReferenceResolver {
  /** What the rules say, without looking whether the files are there. */
  getBestReferences(
    header: Record<string, unknown>,
    types: readonly string[],
    options?: FindOptions,
  ): Promise<Map<string, Outcome>>;
}

/**
 * A client of CRDS: rules from the cache or the server, best references for a data set, missing files downloaded.
 * Nothing is read or asked before the first look-up.
 */
export function createCrds(options: CrdsOptions = {}): Crds {
  return new Client(options);
}

class Client implements Crds {
  private readonly settings: Settings;
  private readonly cache: CrdsCache;
  private readonly server: Server;
  private readonly log: (message: string) => void;
  private readonly version: string;
  private readonly rules: Rules;
  private readonly done = new Map<string, Promise<string>>();

  constructor(options: CrdsOptions) {
    this.settings = readSettings(options.env ?? {}, options);
    this.cache = options.cache ?? memoryCache();
    this.log = options.log ?? (() => undefined);
    this.version = options.calibrationVersion ?? CALIBRATION_VERSION;
    const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
    this.server = new Server(this.settings, this.cache, fetch, this.log);
    const verify = this.settings.verifyMappings;
    this.rules = new Rules((name) => this.mapping(name), { verify, warn: this.log });
  }

  private async mapping(name: string): Promise<string> {
    const kept = await this.cache.readMapping(name);
    if (kept !== undefined) return kept;
    if (!this.server.rpc) throw new Missing(`${name} is not in ${this.cache.name} and no server may be asked`);
    let text: string;
    try {
      text = await this.server.mapping(name);
    } catch (cause) {
      throw new Missing(`${name} is not in ${this.cache.name} and cannot be downloaded: ${describeError(cause)}`, {
        cause,
      });
    }
    if (this.cache.writable) await this.cache.writeMapping(name, text);
    return text;
  }

  context(): Promise<string> {
    return once(this.done, "context", () => this.resolveContext(this.settings.context));
  }

  /** The name of a .pmap for a name, a symbol (`latest`, `build`, `jwst-edit`), a date, or the default. */
  private async resolveContext(asked: string | undefined): Promise<string> {
    if (asked !== undefined && /\.[pir]map$/.test(asked)) return asked;
    const { observatory } = this.settings;
    const symbol = asked?.replace(new RegExp(`^${observatory}-`), "");
    const info = await this.server.info();
    const latest = info?.latest_context ?? info?.operational_context;
    let context: string | undefined;
    if (symbol === "latest" || symbol === "operational") context = latest;
    else if (symbol === "edit") context = info?.edit_context;
    else if (symbol === "versions") context = info?.versions_context;
    else if (symbol === undefined || symbol === "build") context = (await this.buildContext()) ?? latest;
    else if (this.server.connected)
      context = String(await this.server.rpc!.call("get_context_by_date", [asked, observatory]));
    if (context === undefined || context === "none") throw new Missing(this.noContext(asked));
    return context;
  }

  /** The server's context for the version of the calibration software. */
  private async buildContext(): Promise<string | undefined> {
    if (!this.server.connected) return undefined;
    try {
      return String(await this.server.rpc!.call("get_build_context", [this.settings.observatory, this.version]));
    } catch (error) {
      this.log(
        `the CRDS server has no context for version ${this.version}, the latest is used: ${describeError(error)}`,
      );
      return undefined;
    }
  }

  private noContext(asked: string | undefined): string {
    const what = asked === undefined ? "no context is set" : `the context "${asked}" cannot be translated`;
    const why = this.server.failure
      ? describeError(this.server.failure)
      : this.settings.online
        ? "the server does not say"
        : "no server may be asked";
    return `${what}: ${why}, and ${this.cache.name} remembers none; set CRDS_CONTEXT to a .pmap that is in the cache, or CRDS_PATH to another cache`;
  }

  async getBestReferences(
    header: Record<string, unknown>,
    types: readonly string[],
    options: FindOptions = {},
  ): Promise<Map<string, Outcome>> {
    const context = options.context === undefined ? await this.context() : await this.resolveContext(options.context);
    if (!this.settings.allowBadRules && (await this.server.badFiles()).has(context))
      throw new BadLookup(`${context} is designated scientifically invalid; CRDS_ALLOW_BAD_RULES=1 permits its use`);
    const conditioned = conditionHeader(header);
    return (await this.isRemote())
      ? this.askServer(context, header, types)
      : this.rules.best(context, conditioned, types);
  }

  private async isRemote(): Promise<boolean> {
    if (this.settings.mode !== "auto") return this.settings.mode === "remote";
    // Asked only when the server has been: with a context and a cache nothing has to go over the network.
    return this.server.connected && (await this.server.info())?.force_remote_mode === true;
  }

  private async askServer(
    context: string,
    header: Record<string, unknown>,
    types: readonly string[],
  ): Promise<Map<string, Outcome>> {
    if (!this.server.rpc) throw new Missing("CRDS_MODE is remote and no server may be asked");
    const texts = Object.fromEntries([...conditionHeader(header)]);
    const found = (await this.server.rpc.call("get_best_references", [context, texts, types])) as Record<
      string,
      unknown
    >;
    const outcome = (value: unknown): Outcome => {
      if (value === undefined) return { kind: "omit" };
      if (Array.isArray(value)) return { kind: "file", file: value.map(String) };
      const text = String(value);
      if (!text.startsWith("NOT FOUND")) return { kind: "file", file: text };
      const why = text.slice("NOT FOUND".length).trim();
      return why.toLowerCase() === "n/a" ? { kind: "n/a" } : { kind: "none", why };
    };
    return new Map(types.map((type) => [type, outcome(found[type])]));
  }

  async find(
    header: Record<string, unknown>,
    types: readonly string[],
    options: FindOptions = {},
  ): Promise<ReferenceAnswers> {
    return this.answer(header, types, options, new Set(options.optional));
  }

  async prefetch(
    header: Record<string, unknown>,
    types: readonly string[],
    options: FindOptions = {},
  ): Promise<ReferenceAnswers> {
    const answers: ReferenceAnswers = {};
    let outcomes: Map<string, Outcome>;
    try {
      outcomes = await this.getBestReferences(header, types, options);
    } catch (error) {
      this.log(`references cannot be looked up in advance: ${describeError(error)}`);
      return answers;
    }
    const jobs = [...outcomes].map(async ([type, outcome]) => {
      try {
        const place = await this.place(type, outcome, header, options);
        if (place !== undefined) answers[type] = place;
      } catch (error) {
        this.log(`${type} cannot be fetched in advance: ${describeError(error)}`);
      }
    });
    await Promise.all(jobs);
    return answers;
  }

  private async answer(
    header: Record<string, unknown>,
    types: readonly string[],
    options: FindOptions,
    optional: ReadonlySet<string>,
  ): Promise<ReferenceAnswers> {
    const answers: ReferenceAnswers = {};
    if (types.length === 0) return answers;
    let outcomes: Map<string, Outcome>;
    try {
      outcomes = await this.getBestReferences(header, types, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      const needed = types.find((type) => !optional.has(type));
      if (needed !== undefined) throw this.notFound(needed, header, options.context ?? this.settings.context, error);
      return Object.fromEntries(types.map((type) => [type, "N/A"]));
    }
    const context = options.context ?? (await this.context());
    const places = await Promise.all(
      [...outcomes].map(async ([type, outcome]): Promise<[string, string | undefined]> => {
        try {
          return [type, await this.place(type, outcome, header, options)];
        } catch (error) {
          options.signal?.throwIfAborted();
          if (optional.has(type)) return [type, "N/A"];
          throw this.notFound(type, header, context, error);
        }
      }),
    );
    for (const [type, place] of places) if (place !== undefined) answers[type] = place;
    return answers;
  }

  /** Where the file of an outcome is, after downloading it if need be; undefined for an omitted type. */
  private async place(
    type: string,
    outcome: Outcome,
    header: Record<string, unknown>,
    options: FindOptions,
  ): Promise<string | undefined> {
    if (outcome.kind === "omit") return undefined;
    if (outcome.kind === "n/a") return "N/A";
    if (outcome.kind === "none") throw new BadLookup(outcome.why);
    const { file } = outcome;
    if (typeof file !== "string") throw new BadLookup(`the rules give several files: ${file.join(", ")}`);
    if (!this.settings.allowBadReferences && (await this.server.badFiles()).has(file))
      throw new BadLookup(`${file} is designated scientifically invalid; CRDS_ALLOW_BAD_REFERENCES=1 permits its use`);
    const instrument = instrumentOf(conditionHeader(header), "META.INSTRUMENT.NAME");
    const there = await this.cache.findReference(file, instrument);
    if (there !== undefined) return there;
    if (options.download === false) return this.cache.placeReference(file, instrument);
    if (!this.server.rpc) throw new Missing(`${file} is not in ${this.cache.name} and no server may be asked`);
    if (!this.cache.storeReference) return this.server.url(file);
    if (!this.cache.writable) throw new Missing(`${file} is not in ${this.cache.name}, which may not be written`);
    try {
      return await once(this.done, `file ${file}`, () => this.server.reference(file, instrument, options.signal));
    } catch (cause) {
      options.signal?.throwIfAborted();
      throw new Missing(`${file} (${type}) cannot be downloaded: ${describeError(cause)}`, { cause });
    }
  }

  private notFound(
    type: string,
    header: Record<string, unknown>,
    context: string | undefined,
    cause: unknown,
  ): ReferenceNotFound {
    const conditioned = conditionHeader(header);
    const keys = [
      "META.INSTRUMENT.NAME",
      "META.INSTRUMENT.DETECTOR",
      "META.EXPOSURE.TYPE",
      "META.INSTRUMENT.FILTER",
      "META.INSTRUMENT.PUPIL",
      "META.INSTRUMENT.GRATING",
      "META.SUBARRAY.NAME",
      "META.EXPOSURE.READPATT",
      "META.OBSERVATION.DATE",
    ];
    const looked = keys.filter((k) => conditioned.has(k)).map((k) => `${k.toLowerCase()}=${conditioned.get(k)}`);
    const kind = cause instanceof RuleFormatError ? " (the rules are damaged)" : "";
    const override = type.startsWith("pars-") ? "" : `; give the file with --override_${type}=FILE, or a reference set`;
    return new ReferenceNotFound(
      `no ${type} reference in context ${context ?? "(default)"} for ${looked.join(", ") || "a data set without metadata"}: ${describeError(cause).trim()}${kind}${override}`,
      { where: type, wanted: type, got: looked.join(", "), cause },
    );
  }
}

/** A file that is neither in the cache nor to be had. */
class Missing extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Missing";
  }
}
