import { readdirSync, readFileSync } from "node:fs";
import { isCalwebbError } from "@calwebb/errors";
import { expect, it } from "vitest";
import { AsdfArray, encodeAsdfSync, parseAsdfSync, Tagged } from "../src/index.js";

const folder = new URL("./fixtures/", import.meta.url);
const seeds = readdirSync(folder)
  .filter((f) => f.endsWith(".asdf"))
  .map((f) => new Uint8Array(readFileSync(new URL(f, folder))).subarray(0, 6000));

/** A small generator of numbers that is the same everywhere. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const WORDS = [
  "&a ",
  "*a",
  "!",
  "!!",
  "[",
  "]",
  "{",
  "}",
  ": ",
  "- ",
  "\n",
  "'",
  '"',
  "<<: ",
  "-1",
  "999999999999",
  "*",
  "...\n",
  "? ",
  "|\n",
  "%",
];

function mutate(data: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = Array.from(data);
  for (let k = 1 + random(4); k > 0; k--) {
    const at = random(bytes.length || 1);
    switch (random(6)) {
      case 0:
        bytes[at] = random(256);
        break;
      case 1:
        bytes[at] ^= 1 << random(8);
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      case 3:
        bytes.splice(at, 1 + random(40));
        break;
      case 4:
        bytes.splice(at, 0, ...new TextEncoder().encode(WORDS[random(WORDS.length)]));
        break;
      default:
        bytes.splice(at, 0, ...bytes.slice(random(bytes.length || 1)).slice(0, random(100)));
    }
  }
  return Uint8Array.from(bytes);
}

/** Read everything in a tree, each node once. */
function exercise(node: unknown, seen: Set<unknown>): void {
  if (typeof node !== "object" || node === null || seen.has(node)) return;
  seen.add(node);
  if (node instanceof AsdfArray) {
    if (Array.isArray(node.datatype)) {
      if (typeof node.datatype[0] === "string") node.readTextSync();
      else node.readFieldsSync();
    } else node.readSync();
  } else if (node instanceof Tagged) exercise(node.value, seen);
  else if (node instanceof Map) for (const v of node.values()) exercise(v, seen);
  else for (const v of Object.values(node)) exercise(v, seen);
}

const seconds = Number(process.env.CALWEBB_FUZZ_SECONDS ?? 2);

it("damaged files are read or refused with an error of ours, quickly", { timeout: (seconds + 60) * 1000 }, () => {
  const end = Date.now() + seconds * 1000;
  let refused = 0;
  let round = 0;
  for (; Date.now() < end; round++) {
    const random = generator(round);
    const data = mutate(seeds[random(seeds.length)], random);
    const start = process.cpuUsage();
    try {
      const file = parseAsdfSync(data, { maxArrayBytes: 2 ** 24, verifyChecksums: random(4) === 0 });
      if (random(4) === 0) encodeAsdfSync(file);
      exercise(file.tree, new Set());
    } catch (error) {
      if (!isCalwebbError(error)) throw new Error(`round ${round}: ${String(error)}`, { cause: error });
      refused++;
    }
    // Time of the processor: a busy machine may stop a process for longer.
    const { user, system } = process.cpuUsage(start);
    if (user + system > 3e6) throw new Error(`round ${round} took ${(user + system) / 1e6} s of computing`);
  }
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(round);
});
