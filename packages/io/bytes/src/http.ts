import { IoError } from "@calwebb/errors";
import { checkRange } from "./range.js";
import type { ByteSource } from "./types.js";

/** The part of the platform's `fetch` that is used here. */
export type Fetch = (url: string, init: { headers: Record<string, string> }) => Promise<Response>;

/** Bytes fetched at once when a small piece is asked for; headers are read in many small pieces. */
const PAGE = 1 << 16;

/**
 * A file on a server, read with HTTP range requests.
 * @param fetcher - used instead of the platform's `fetch`
 * @throws {IoError} when the server cannot be reached, refuses, or does not serve ranges
 */
export async function httpSource(url: string, fetcher: Fetch = (u, i) => fetch(u, i)): Promise<ByteSource> {
  const get = async (offset: number, length: number): Promise<{ bytes: Uint8Array; total: number }> => {
    const wanted = `bytes=${offset}-${offset + length - 1}`;
    let response: Response;
    try {
      response = await fetcher(url, { headers: { Range: wanted } });
    } catch (cause) {
      throw new IoError(`cannot reach ${url}: check the address and the network`, { file: url, cause });
    }
    if (response.status === 200) {
      await response.body?.cancel();
      throw new IoError(
        `cannot read parts of ${url}: the server ignores range requests; download the file and open it`,
        {
          file: url,
          got: "status 200",
          wanted: "status 206",
        },
      );
    }
    if (response.status !== 206)
      throw new IoError(`cannot read ${url}: the server answered ${response.status} ${response.statusText}`.trimEnd(), {
        file: url,
        got: `status ${response.status}`,
        wanted: "status 206",
      });
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers.get("content-range") ?? "");
    if (range === null || Number(range[1]) !== offset)
      throw new IoError(
        `cannot read parts of ${url}: the server's Content-Range is "${response.headers.get("content-range") ?? ""}", ` +
          `wanted the total size after "bytes ${offset}-"; download the file and open it`,
        { file: url },
      );
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length !== Number(range[2]) - offset + 1 || bytes.length > length)
      throw new IoError(`got ${bytes.length} bytes of ${url} at ${offset}, wanted ${length}: try again`, { file: url });
    return { bytes, total: Number(range[3]) };
  };

  const first = await get(0, PAGE);
  const size = first.total;
  let page = { offset: 0, bytes: first.bytes };
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    checkRange(url, size, offset, length);
    if (length === 0) return new Uint8Array(0);
    const at = offset - page.offset;
    if (at >= 0 && at + length <= page.bytes.length) return page.bytes.subarray(at, at + length);
    const ask = Math.min(Math.max(length, PAGE), size - offset);
    const { bytes, total } = await get(offset, ask);
    if (total !== size || bytes.length < length)
      throw new IoError(`${url} changed while being read: got ${total} bytes in all, had ${size}; open it again`, {
        file: url,
      });
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
