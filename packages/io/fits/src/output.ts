import type { ByteSink } from "@calwebb/bytes";
import { Cancelled } from "@calwebb/errors";
import { type Bench, giveBench, RUN, takeBench } from "./bench.js";
import { addChecksum, encodeChecksum } from "./checksum.js";
import { padded } from "./const.js";
import type { Header } from "./header.js";
import type { WriteOptions } from "./specs.js";

/** Writes one HDU after the other, padding and adding up. A piece is written while the next one is made. */
export class Output {
  position = 0;
  sum = 0;
  private readonly benches: Bench[] = [];
  /** The write that is under way. */
  private flying: Promise<void> | undefined;
  private readonly sink: ByteSink;
  private readonly summing: boolean;
  private readonly signal: AbortSignal | undefined;
  /** Bytes at the end of the previous piece that did not fill a word of the checksum. */
  private tail: Uint8Array = new Uint8Array(0);

  constructor(sink: ByteSink, { checksum, signal }: WriteOptions) {
    this.sink = sink;
    this.summing = checksum === true;
    this.signal = signal;
  }

  /** Memory to make a piece of `total` bytes in. There are two that take turns, because the piece before may still be under way. */
  bench(total: number): Bench {
    const next = this.benches.length < 2 ? undefined : this.benches.shift();
    const fits = next !== undefined && next.bytes.length >= Math.min(RUN, total);
    if (next !== undefined && !fits) giveBench(next);
    const bench = fits ? next : takeBench(total);
    this.benches.push(bench);
    return bench;
  }

  /** Write a piece and wait for it. */
  async put(bytes: Uint8Array): Promise<void> {
    await this.pass(bytes);
    await this.settle();
  }

  /** Begin to write a piece once the one before is written. Its bytes must stay as they are until `settle`, or the next `pass`, is over. */
  async pass(bytes: Uint8Array): Promise<void> {
    await this.settle();
    if (this.signal?.aborted) throw new Cancelled(undefined, { file: this.sink.name });
    const flying = this.sink.write(bytes, this.position);
    // Whoever waits for it next hears of a failure.
    flying.catch(() => undefined);
    this.flying = flying;
    this.position += bytes.length;
    if (this.summing) this.add(bytes);
  }

  /** Wait until everything is written. */
  async settle(): Promise<void> {
    const { flying } = this;
    this.flying = undefined;
    await flying;
  }

  /** Wait until nothing is under way, whatever becomes of it, and give the memory back. */
  async finish(): Promise<void> {
    await this.settle().catch(() => undefined);
    for (const bench of this.benches.splice(0)) giveBench(bench);
  }

  private add(bytes: Uint8Array): void {
    let rest = bytes;
    if (this.tail.length > 0) {
      const word = new Uint8Array(Math.min(4, this.tail.length + bytes.length));
      word.set(this.tail);
      const taken = word.length - this.tail.length;
      word.set(bytes.subarray(0, taken), this.tail.length);
      rest = bytes.subarray(taken);
      this.tail = word;
      if (word.length < 4) return;
      this.sum = addChecksum(word, this.sum);
    }
    const whole = rest.length & ~3;
    this.sum = addChecksum(rest.subarray(0, whole), this.sum);
    this.tail = rest.slice(whole);
  }

  /** Fill up the block. @param fill - 0 for data, 32 for headers and ASCII tables */
  async pad(fill = 0): Promise<void> {
    const missing = padded(this.position) - this.position;
    if (missing > 0) await this.put(new Uint8Array(missing).fill(fill));
  }

  /** Write a header, its data with `data`, and the checksums. */
  async hdu(header: Header, options: WriteOptions, data: () => Promise<void>): Promise<void> {
    if (!this.summing) {
      await this.put(header.toBytes());
      await data();
      return;
    }
    const when = (options.date ?? new Date()).toISOString().slice(0, 19);
    const full = header.clone();
    full.delete("CHECKSUM");
    full.delete("DATASUM");
    full.set("CHECKSUM", "0".repeat(16), `HDU checksum updated ${when}`);
    full.set("DATASUM", "0", `data unit checksum updated ${when}`);
    const start = this.position;
    this.position += full.byteLength;
    this.sum = 0;
    this.tail = new Uint8Array(0);
    await data();
    const datasum = this.sum;
    full.set("DATASUM", String(datasum));
    full.set("CHECKSUM", encodeChecksum(addChecksum(full.toBytes(), datasum)));
    await this.settle();
    await this.sink.write(full.toBytes(), start);
  }
}
