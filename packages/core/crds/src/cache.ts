/** What a downloaded file has to be. */
export interface Expected {
  /** Bytes; undefined when that is not known or not to be checked. */
  size?: number;
  /** SHA-1 in hexadecimal. */
  sha1?: string;
}

/** Where mappings, references and configuration are kept between runs. */
export interface CrdsCache {
  /** What it is, for messages: the folder. */
  readonly name: string;
  readonly writable: boolean;
  /** Text of a mapping, undefined when the cache does not have it. */
  readMapping(name: string): Promise<string | undefined>;
  writeMapping(name: string, text: string): Promise<void>;
  /** Text of a file of the configuration (`server_config`). */
  readConfig(name: string): Promise<string | undefined>;
  writeConfig(name: string, text: string): Promise<void>;
  /** Place of a reference file that is there. */
  findReference(name: string, instrument: string | undefined): Promise<string | undefined>;
  /** Place that a reference file would have. */
  placeReference(name: string, instrument: string | undefined): Promise<string>;
  /**
   * Store a reference file; it appears whole, and only when it is what was expected. Without this method references are not stored
   * and answers are URLs.
   * @returns its place
   */
  storeReference?(
    name: string,
    instrument: string | undefined,
    body: ReadableStream<Uint8Array>,
    expected: Expected,
  ): Promise<string>;
}

/** A cache for as long as the page lives: mappings in memory, references by URL. */
export function memoryCache(mappings: Record<string, string> = {}): CrdsCache {
  const texts = new Map(Object.entries(mappings));
  const config = new Map<string, string>();
  return {
    name: "memory",
    writable: true,
    readMapping: async (name) => texts.get(name),
    writeMapping: async (name, text) => void texts.set(name, text),
    readConfig: async (name) => config.get(name),
    writeConfig: async (name, text) => void config.set(name, text),
    findReference: async () => undefined,
    placeReference: async (name) => name,
  };
}
