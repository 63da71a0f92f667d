import { IoError } from "@calwebb/errors";
import { checkRange } from "./range.js";
import type { ByteSource } from "./types.js";

/** The part of the platform's `fetch` that is used here. */
export type Fetch = (url: string, init: { method?: "HEAD"; headers: Record<string, string> }) => Promise<Response>;

/** Bytes fetched at once when a small piece is asked for; headers are read in many small pieces. */
const PAGE = 1 << 16;

async function send(url: string, fetcher: Fetch, init: Parameters<Fetch>[1]): Promise<Response> {
  try {
    return await fetcher(url, init);
  } catch (cause) {
    throw new IoError(`cannot reach ${url}: check the address and the network`, { file: url, cause });
  }
}

function refused(url: string, why: string, got: string): IoError {
  return new IoError(`cannot read parts of ${url}: ${why}; download the file and open it`, { file: url, got });
}

/** Size of the file by a HEAD request: servers on other sites often hide Content-Range from scripts, but not the length. */
async function sizeOf(url: string, fetcher: Fetch): Promise<number> {
  const response = await send(url, fetcher, { method: "HEAD", headers: {} });
  const length = response.headers.get("content-length");
  if (response.ok && length !== null && /^\d+$/.test(length)) return Number(length);
  throw refused(url, "the server tells neither Content-Range nor Content-Length", `status ${response.status}`);
}

/** Bytes [offset, offset + length) and the size of the file when the answer says it. */
async function getRange(
  url: string,
  fetcher: Fetch,
  offset: number,
  length: number,
): Promise<{ bytes: Uint8Array; total?: number }> {
  const response = await send(url, fetcher, { headers: { Range: `bytes=${offset}-${offset + length - 1}` } });
  if (response.status === 200) {
    await response.body?.cancel();
    throw refused(url, "the server ignores range requests", "status 200");
  }
  if (response.status !== 206)
    throw new IoError(`cannot read ${url}: the server answered ${response.status} ${response.statusText}`.trimEnd(), {
      file: url,
      got: `status ${response.status}`,
      wanted: "status 206",
    });
  const header = response.headers.get("content-range");
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header ?? "");
  if (header !== null && (range === null || Number(range[1]) !== offset))
    throw refused(
      url,
      `the server's Content-Range is "${header}", wanted "bytes ${offset}-" and the total size`,
      header,
    );
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length > length || (range !== null && bytes.length !== Number(range[2]) - offset + 1))
    throw new IoError(`got ${bytes.length} bytes of ${url} at ${offset}, wanted ${length}: try again`, { file: url });
  return { bytes, total: range === null ? undefined : Number(range[3]) };
}

/**
 * A file on a server, read with HTTP range requests.
 * @param fetcher - used instead of the platform's `fetch`
 * @throws {IoError} when the server cannot be reached, refuses, or does not serve ranges
 */
export async function httpSource(url: string, fetcher: Fetch = (u, i) => fetch(u, i)): Promise<ByteSource> {
  const first = await getRange(url, fetcher, 0, PAGE);
  const size = first.total ?? (await sizeOf(url, fetcher));
  let page = { offset: 0, bytes: first.bytes };
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    checkRange(url, size, offset, length);
    if (length === 0) return new Uint8Array(0);
    const at = offset - page.offset;
    if (at >= 0 && at + length <= page.bytes.length) return page.bytes.subarray(at, at + length);
    const ask = Math.min(Math.max(length, PAGE), size - offset);
    const { bytes, total } = await getRange(url, fetcher, offset, ask);
    if ((total !== undefined && total !== size) || bytes.length < length)
      throw new IoError(
        `${url} changed while being read: got ${bytes.length} bytes at ${offset}, wanted ${length}; open it again`,
        { file: url },
      );
    if (length < PAGE) page = { offset, bytes };
    return bytes.subarray(0, length);
  };
  return {
    name: url,
    size,
    read,
    readInto: async (target, offset) => target.set(await read(offset, target.length)),
    close: async () => {},
  };
}
