import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { scratchFile } from "../src/node.js";

const left = (): string[] => readdirSync(tmpdir()).filter((f) => f.startsWith(`calwebb-${process.pid}-`));

test("gives back what was written, in any order, into shared memory too", async () => {
  const scratch = scratchFile();
  await scratch.write(Uint8Array.of(4, 5, 6), 3);
  await scratch.write(Uint8Array.of(1, 2, 3), 0);
  const target = new Uint8Array(new SharedArrayBuffer(4));
  await scratch.readInto(target, 1);
  expect([...target]).toEqual([2, 3, 4, 5]);
  await expect(scratch.readInto(target, 4)).rejects.toThrow(/ends before byte 8/);
  await scratch.close();
  await scratch.close();
  await expect(scratch.write(target, 0)).rejects.toThrow(/closed/);
  expect(left()).toEqual([]);
});

test("says where it could not be made", () => {
  expect(() => scratchFile("/no/such/folder")).toThrow(/no.such.folder/);
});
