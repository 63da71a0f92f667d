import { NdArray } from "@calwebb/array";
import { memorySink, memorySource } from "@calwebb/bytes";
import { describe, expect, it } from "vitest";
import { giveBench, kernelBench, plainBench, RUN, takeBench } from "../src/bench.js";
import { type ImageHdu, openFits, writeFits } from "../src/index.js";

const bytes = Uint8Array.from({ length: 8 * 3001 }, (_, i) => (i * 7919) >> 3);

describe("the kernel for the order of bytes", () => {
  const kernel = kernelBench();
  it("is there", () => expect(kernel).toBeDefined());
  it.each([1, 2, 4, 8])("gives the same as plain loops for elements of %i bytes", (size) => {
    for (const length of [0, size, 8, 24, 8 * 3001])
      for (const flip of [false, true])
        for (const to of ["toNative", "toStored"] as const) {
          const benches = [kernel!, plainBench(bytes.length)];
          const [got, wanted] = benches.map((b) => {
            b.bytes.set(bytes);
            b[to](length, size, flip);
            return b.bytes.slice(0, length);
          });
          expect(Buffer.compare(got, wanted)).toBe(0);
        }
  });
  it("goes both ways", () => {
    for (const size of [1, 2, 4, 8]) {
      kernel!.bytes.set(bytes);
      kernel!.toStored(bytes.length, size, true);
      expect(kernel!.bytes[0]).toBe(bytes[size - 1] ^ 0x80);
      kernel!.toNative(bytes.length, size, true);
      expect(kernel!.bytes.slice(0, bytes.length)).toEqual(bytes);
    }
  });
  it("widens 16-bit integers", () => {
    const values = Uint16Array.from({ length: 65536 + 5 }, (_, i) => i);
    const out = [kernel!, plainBench(2 * values.length)].map((b) => {
      values.forEach((v, i) => {
        b.bytes[2 * i] = (v >> 8) ^ 0x80;
        b.bytes[2 * i + 1] = v & 255;
      });
      const floats = new Float32Array(values.length + 2).fill(-1);
      b.widen(2 * values.length, floats, 1);
      return floats;
    });
    expect(Buffer.compare(Buffer.from(out[0].buffer), Buffer.from(out[1].buffer))).toBe(0);
    expect([...out[0].subarray(0, 4), ...out[0].subarray(-3)]).toEqual([-1, 0, 1, 2, 3, 4, -1]);
  });
});

describe("a bench", () => {
  it("is as small as what it is for, and used again when it is large", () => {
    expect(takeBench(100).bytes.length).toBe(100);
    const bench = takeBench(2 * RUN);
    expect(bench.bytes.length).toBe(RUN);
    giveBench(bench);
    expect(takeBench(RUN)).toBe(bench);
    giveBench(bench);
  });
});

describe("images of several runs", () => {
  const n = (RUN / 4) * 2.5;
  const blocks = {
    float32: Float32Array.from({ length: n }, (_, i) => i / 3),
    uint16: Uint16Array.from({ length: 2 * n }, (_, i) => i),
    uint32: Uint32Array.from({ length: n }, (_, i) => i * 4021),
    float64: Float64Array.from({ length: n / 2 }, (_, i) => i / 7),
    uint8: Uint8Array.from({ length: 4 * n }, (_, i) => i >> 4),
  };
  it("are read as they were written, side by side", async () => {
    const sink = memorySink();
    await writeFits(
      Object.values(blocks).map((data) => ({ kind: "image" as const, data: new NdArray(data, [data.length]) })),
      sink,
      { checksum: true },
    );
    const file = await openFits(memorySource(sink.bytes()));
    for (const hdu of file.hdus) expect(await hdu.verify()).toEqual({ checksum: true, datasum: true });
    const read = await Promise.all(file.hdus.map((hdu) => (hdu as ImageHdu).read()));
    Object.values(blocks).forEach((data, i) => {
      expect(read[i].data.constructor).toBe(data.constructor);
      expect(Buffer.compare(Buffer.from(read[i].data.buffer), Buffer.from(data.buffer))).toBe(0);
    });
    const floats = new Float32Array(2 * n - 3);
    await (file.hdus[1] as ImageHdu).readInto(floats, 3);
    const wanted = Float32Array.from(blocks.uint16.subarray(3));
    expect(Buffer.compare(Buffer.from(floats.buffer), Buffer.from(wanted.buffer))).toBe(0);
  });
  it("of which one piece cannot be written end with the sink aborted and nothing under way", async () => {
    let writing = 0;
    let ended = "";
    const sink = {
      name: "full",
      write: async (_: Uint8Array, position: number) => {
        writing++;
        await new Promise((resolve) => setTimeout(resolve, 1));
        writing--;
        if (position > RUN) throw new Error("full");
      },
      commit: async () => {
        ended += "commit";
      },
      abort: async () => {
        ended += `abort ${writing}`;
      },
    };
    await expect(writeFits([{ kind: "image", data: new NdArray(blocks.float32, [n]) }], sink)).rejects.toThrow("full");
    expect(ended).toBe("abort 0");
  });
});
