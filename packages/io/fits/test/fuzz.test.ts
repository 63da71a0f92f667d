import { memorySink, memorySource } from "@calwebb/bytes";
import { isCalwebbError } from "@calwebb/errors";
import { describe, expect, it } from "vitest";
import { type Hdu, ImageHdu, openFits, openFitsSync, writeFits } from "../src/index.js";
import { openFixture } from "./support.js";

// Broken files made from good ones, from a seed: they are read, or refused with an error of ours, in little memory and time.

const SEEDS = [
  "images.fits",
  "tables.fits",
  "ascii.fits",
  "header.fits",
  "checksum.fits",
  "fpack_r_i2.fits",
  "fpack_rq_f4.fits",
  "fpack_g_f4.fits",
  "fpack_p_i4.fits",
].map((name) => {
  const { source } = openFixture(name);
  return { name, bytes: (source.readSync as (o: number, n: number) => Uint8Array)(0, source.size) };
});
for (const name of ["CUBE_GZIP_2", "F4_D2_RICE_1", "WILD_F4", "NONE"]) {
  const sink = memorySink(name);
  await writeFits([openFixture("compressed.fits.gz").find(name) as Hdu], sink);
  SEEDS.push({ name, bytes: sink.bytes().slice() });
}

const SECONDS = Number(process.env.CALWEBB_FUZZ_SECONDS ?? 2);
const SEED = Number(process.env.CALWEBB_FUZZ_SEED ?? 1);
/** No single file may take more time of the processor than this; a busy machine may stop a process for longer. */
const MAX_MICROSECONDS = 5e6;
const MAX_MEMORY = 1 << 30;

/** Mulberry32. */
function generator(seed: number): (n: number) => number {
  let a = seed >>> 0;
  return (n) => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

const NUMBERS = [
  "0",
  "-1",
  "1",
  "2",
  "8",
  "16",
  "-32",
  "-64",
  "999",
  "1000",
  "65536",
  "2147483647",
  "2147483648",
  "4294967296",
];
const MORE = [
  "9007199254740993",
  "-9223372036854775808",
  "99999999999999999999999",
  "1E300",
  "1.5",
  "T",
  "'x'",
  "",
  "NaN",
];
const TFORMS = [
  "1PB(10)",
  "1QD(9)",
  "0A",
  "999999999A",
  "2PE",
  "8Z",
  "1X",
  "100000X",
  "1K",
  "M",
  "PP",
  "0PJ",
  "I0",
  "E15.7",
  "A3",
];

type Random = (n: number) => number;

/** Positions of cards with a value, in headers as they start at block boundaries. */
function cardAt(bytes: Uint8Array, random: Random): number {
  for (let tries = 0; tries < 200; tries++) {
    const at = random(Math.max(1, Math.floor(bytes.length / 80))) * 80;
    if (bytes[at + 8] === 61 && bytes[at + 9] === 32) return at;
  }
  return -1;
}

function put(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length && at + i < bytes.length; i++) bytes[at + i] = text.charCodeAt(i);
}

const MUTATIONS: ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes, random) => {
    for (let n = 1 + random(20); n > 0; n--) bytes[random(bytes.length)] ^= 1 << random(8);
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length + 1)),
  (bytes, random) => {
    const at = cardAt(bytes, random);
    const all = [...NUMBERS, ...MORE];
    if (at >= 0) put(bytes, at + 10, all[random(all.length)].padStart(20));
    return bytes;
  },
  (bytes, random) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    const found = [
      ...text.matchAll(/(TFORM|TDIM|ZCMPTYPE|ZVAL|NAXIS|ZNAXIS|ZTILE|PCOUNT|TFIELDS|TBCOL|THEAP|BITPIX)\d* *= /g),
    ];
    if (found.length === 0) return bytes;
    const { index } = found[random(found.length)];
    const value = random(2)
      ? NUMBERS[random(NUMBERS.length)].padStart(20)
      : `'${TFORMS[random(TFORMS.length)]}'`.padEnd(20);
    put(bytes, index + 10, value);
    return bytes;
  },
  (bytes, random) => {
    const from = random(Math.ceil(bytes.length / 2880)) * 2880;
    const to = random(Math.ceil(bytes.length / 2880)) * 2880;
    bytes.set(
      bytes.slice(from, Math.min(from + 2880, bytes.length - Math.max(0, to - from))).subarray(0, bytes.length - to),
      to,
    );
    return bytes;
  },
  (bytes, random) => {
    const other = SEEDS[random(SEEDS.length)].bytes;
    const cut = random(Math.ceil(bytes.length / 2880)) * 2880;
    const from = random(Math.ceil(other.length / 2880)) * 2880;
    return new Uint8Array(Buffer.concat([bytes.subarray(0, cut), other.subarray(from)]));
  },
  (bytes, random) => {
    const at = random(Math.max(1, Math.floor(bytes.length / 80))) * 80;
    for (let i = at; i < Math.min(bytes.length, at + 80); i++) bytes[i] = random(256);
    return bytes;
  },
];

function mutant(random: Random): Uint8Array {
  let bytes: Uint8Array = SEEDS[random(SEEDS.length)].bytes.slice();
  for (let n = 1 + random(3); n > 0 && bytes.length > 0; n--)
    bytes = MUTATIONS[random(MUTATIONS.length)](bytes, random);
  return bytes;
}

/** Everything that can be done with a file; errors of ours are an outcome. */
async function exercise(bytes: Uint8Array): Promise<{ opened: boolean; refused: number; hdus: number }> {
  const outcome = { opened: false, refused: 0, hdus: 0 };
  const attempt = async (f: () => unknown): Promise<void> => {
    try {
      await f();
    } catch (error) {
      if (!isCalwebbError(error, "FitsFormatError") && !isCalwebbError(error, "IoError")) throw error;
      outcome.refused++;
    }
  };
  const source = memorySource(bytes, "mutant.fits");
  await attempt(async () => {
    const file = openFitsSync(source);
    outcome.opened = true;
    outcome.hdus = file.hdus.length;
    for (const hdu of file.hdus) {
      for (const card of hdu.header.cards) String(card.value ?? card.comment);
      await attempt(() => hdu.verifySync());
      if (hdu instanceof ImageHdu) {
        await attempt(() => hdu.readSync());
        if (hdu.size > 1) await attempt(() => hdu.readIntoSync(new Float32Array(1), hdu.size - 1));
      } else if (hdu.kind === "unknown") await attempt(() => hdu.readBytesSync());
      else await attempt(() => hdu.readSync());
    }
    const sink = memorySink();
    await writeFits(file.hdus, sink);
    expect(openFitsSync(memorySource(sink.bytes())).hdus.length).toBe(file.hdus.length);
  });
  await attempt(() => openFits(source));
  return outcome;
}

describe("mutated files", () => {
  it(`are read or refused, for ${SECONDS} s from seed ${SEED}`, { timeout: (SECONDS + 60) * 1000 }, async () => {
    const end = performance.now() + SECONDS * 1000;
    const total = { files: 0, opened: 0, refused: 0 };
    for (let k = 0; performance.now() < end; k++) {
      const seed = SEED * 1_000_003 + k;
      const bytes = mutant(generator(seed));
      const start = process.cpuUsage();
      try {
        const { opened, refused } = await exercise(bytes);
        total.opened += opened ? 1 : 0;
        total.refused += refused;
      } catch (cause) {
        throw new Error(`mutant ${k} of seed ${SEED}: ${cause}`, { cause });
      }
      const { user, system } = process.cpuUsage(start);
      expect(user + system, `time of mutant ${k} of seed ${SEED}`).toBeLessThan(MAX_MICROSECONDS);
      total.files++;
    }
    expect(process.memoryUsage().rss).toBeLessThan(MAX_MEMORY);
    // A fuzzer whose files are all accepted, or all refused at once, tests nothing.
    expect(total.opened).toBeGreaterThan(total.files / 10);
    expect(total.refused).toBeGreaterThan(total.files / 10);
  });
});
