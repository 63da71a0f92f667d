import { describeError, IoError } from "@calwebb/errors";

/** The part of `fetch` that is used here. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface RpcOptions {
  /** `https://jwst-crds.stsci.edu` */
  server: string;
  fetch: Fetch;
  /** Number of tries, at least 1, and seconds between them. */
  tries?: number;
  delay?: number;
  /** Seconds that a download may take, and the answer of a service. */
  timeout?: number;
  answerTimeout?: number;
}

/** The server answered that it could not do what was asked. */
export class ServiceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ServiceError";
  }
}

/** Calls the JSON-RPC 1.0 services of a CRDS server. */
export class RpcClient {
  readonly server: string;
  private readonly options: RpcOptions;
  private readonly program: string;
  private count = 0;

  constructor(options: RpcOptions) {
    this.options = options;
    this.server = options.server.replace(/\/+$/, "");
    const random = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join(
      "",
    );
    this.program = `calwebb-1.0.0-${random}`;
  }

  /**
   * Call a service.
   * @throws {ServiceError} when the server refuses
   * @throws {IoError} when it cannot be reached
   */
  async call(method: string, params: readonly unknown[], signal?: AbortSignal): Promise<unknown> {
    const id = `${this.program}-${(++this.count).toString(16).padStart(8, "0")}`;
    const url = `${this.server}/json/${method}/${id}/`;
    const body = JSON.stringify({ jsonrpc: "1.0", method, params, id });
    const text = await retried(this.options, signal, async () => {
      const response = await this.get(url, { method: "POST", body }, signal, this.options.answerTimeout ?? 60);
      return response.text();
    });
    let answer: { result?: unknown; error?: { message?: unknown } | null };
    try {
      answer = JSON.parse(text);
    } catch (cause) {
      throw new IoError(`${this.server} did not answer ${method} with JSON: ${JSON.stringify(text.slice(0, 80))}`, {
        file: url,
        cause,
      });
    }
    if (answer.error)
      throw new ServiceError(`${method}: ${unescapeHtml(String(answer.error.message ?? "unknown error"))}`);
    return decodePayload(answer.result);
  }

  /** Fetch a URL; anything but success is an error. */
  async get(
    url: string,
    init: RequestInit = {},
    signal?: AbortSignal,
    seconds: number = this.options.timeout ?? 3600,
  ): Promise<Response> {
    const limits = [AbortSignal.timeout(seconds * 1000)];
    if (signal) limits.push(signal);
    let response: Response;
    try {
      response = await this.options.fetch(url, { ...init, signal: AbortSignal.any(limits) });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new IoError(`cannot reach ${new URL(url).origin}: ${describeError(cause)}`, { file: url, cause });
    }
    if (!response.ok) throw new IoError(`${url} answered ${response.status} ${response.statusText}`, { file: url });
    return response;
  }
}

/** Try something as often as the options allow. */
export async function retried<T>(
  { tries = 1, delay = 0 }: Pick<RpcOptions, "tries" | "delay">,
  signal: AbortSignal | undefined,
  job: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await job();
    } catch (error) {
      if (signal?.aborted || attempt >= tries) throw error;
      await new Promise((resolve) => setTimeout(resolve, delay * 1000));
    }
  }
}

function unescapeHtml(text: string): string {
  const named: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? all;
    return String.fromCodePoint(Number.parseInt(decimal ?? hex, decimal ? 10 : 16));
  });
}

/** Large results come as base64 of gzipped JSON. */
export async function decodePayload(result: unknown): Promise<unknown> {
  if (typeof result !== "object" || result === null || !("crds_encoded" in result)) return result;
  const { crds_payload: payload } = result as { crds_payload?: unknown };
  const bytes = Uint8Array.from(atob(String(payload)), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}
