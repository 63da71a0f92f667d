import { RuleFormatError } from "./error.js";
import {
  contextEntries,
  instrumentOf,
  type MappingText,
  type Outcome,
  parseMapping,
  ReferenceRules,
  specialOutcome,
} from "./mapping.js";
import { repr } from "./value.js";

/** Gives the text of a mapping file. */
export type LoadMapping = (name: string) => Promise<string>;

export interface RulesOptions {
  /** Check the `sha1sum` of every mapping; default true. */
  verify?: boolean;
  warn?: (message: string) => void;
}

/** The rules of a context, loaded mapping by mapping as they are needed. */
export class Rules {
  private readonly load: LoadMapping;
  private readonly verify: boolean;
  private readonly warn: (message: string) => void;
  private readonly mappings = new Map<string, Promise<MappingText>>();
  private readonly entries = new Map<string, Promise<{ mapping: MappingText; entries: Map<string, string> }>>();
  private readonly references = new Map<string, Promise<ReferenceRules>>();

  constructor(load: LoadMapping, options: RulesOptions = {}) {
    this.load = load;
    this.verify = options.verify ?? true;
    this.warn = options.warn ?? (() => undefined);
  }

  private mapping(name: string): Promise<MappingText> {
    return once(this.mappings, name, async () => parseMapping(await this.load(name), name, this.verify));
  }

  private context(name: string): Promise<{ mapping: MappingText; entries: Map<string, string> }> {
    return once(this.entries, name, async () => {
      const mapping = await this.mapping(name);
      return { mapping, entries: contextEntries(mapping) };
    });
  }

  private rules(name: string): Promise<ReferenceRules> {
    return once(this.references, name, async () => new ReferenceRules(await this.mapping(name)));
  }

  /**
   * What the rules of a context say about some types.
   * @param context - a .pmap, .imap or .rmap
   * @param header - conditioned metadata (`conditionHeader`)
   * @param types - lower case
   * @throws {RuleFormatError} when a mapping is damaged or the instrument is not known; anything that `load` throws
   */
  async best(
    context: string,
    header: ReadonlyMap<string, string>,
    types: readonly string[],
  ): Promise<Map<string, Outcome>> {
    const found = await Promise.all(
      types.map(async (type) => [type, await this.one(context, header, type.toLowerCase())] as const),
    );
    return new Map(found);
  }

  private async one(context: string, header: ReadonlyMap<string, string>, type: string): Promise<Outcome> {
    const rmap = await this.referenceMapping(context, header, type);
    return typeof rmap === "string" ? (await this.rules(rmap)).evaluate(header, this.warn) : rmap;
  }

  /** Name of the .rmap of a type, or what stands in its place. */
  private async referenceMapping(
    context: string,
    header: ReadonlyMap<string, string>,
    type: string,
  ): Promise<string | Outcome> {
    if (context.endsWith(".rmap")) return context;
    let imap = context;
    if (context.endsWith(".pmap")) {
      const { mapping, entries } = await this.context(context);
      const parkey = Array.isArray(mapping.header.parkey) ? String(mapping.header.parkey[0]) : "META.INSTRUMENT.NAME";
      const instrument = instrumentOf(header, parkey);
      if (instrument === undefined)
        return { kind: "none", why: `Missing '${parkey}' keyword in header for determining instrument.` };
      const name = entries.get(instrument);
      if (name === undefined)
        return { kind: "none", why: `Unknown instrument ${repr(instrument)} for context ${repr(context)}` };
      const special = specialOutcome(name);
      if (special) return special;
      imap = name;
    }
    const { entries } = await this.context(imap);
    const rmap = entries.get(type);
    if (rmap === undefined) return { kind: "none", why: `Unknown reference type ${repr(type)}` };
    return specialOutcome(rmap) ?? rmap;
  }

  /** Types that the rules of an instrument know. */
  async types(context: string, instrument: string): Promise<string[]> {
    let imap = context;
    if (context.endsWith(".pmap")) {
      const name = (await this.context(context)).entries.get(instrument.toLowerCase());
      if (name === undefined || specialOutcome(name)) return [];
      imap = name;
    }
    if (imap.endsWith(".rmap")) throw new RuleFormatError(`${imap} holds the rules of one type only`);
    return [...(await this.context(imap)).entries.keys()];
  }
}

/** Run a job once per key; a failure is forgotten so that it can be tried again. */
export function once<T>(done: Map<string, Promise<T>>, key: string, job: () => Promise<T>): Promise<T> {
  const running = done.get(key);
  if (running) return running;
  const promise = job();
  done.set(key, promise);
  promise.catch(() => done.delete(key));
  return promise;
}
