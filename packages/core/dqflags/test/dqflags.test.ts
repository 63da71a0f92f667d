import { flagNames, group, interpretFlags, pixel, translateDq, translateDqInPlace } from "@calwebb/dqflags";
import { expect, test } from "vitest";

test("the first eight pixel flags are the group flags", () => {
  for (const [name, value] of Object.entries(group)) expect(pixel[name as keyof typeof pixel]).toBe(value);
  expect(pixel.REFERENCE_PIXEL).toBe(2 ** 31);
});

test("flag names and masks", () => {
  expect(flagNames(5)).toEqual(["DO_NOT_USE", "JUMP_DET"]);
  expect(flagNames(2 ** 31)).toEqual(["REFERENCE_PIXEL"]);
  expect(interpretFlags("DO_NOT_USE,JUMP_DET")).toBe(5);
  expect(interpretFlags("1 + 4")).toBe(5);
  expect(interpretFlags("~DO_NOT_USE+JUMP_DET")).toBe(0xfffffffa);
  expect(interpretFlags("None")).toBeUndefined();
  expect(() => interpretFlags("NO_SUCH")).toThrow(/NO_SUCH/);
});

test("reference flags become master flags by name", () => {
  const rows = [
    { bit: 0, value: 1, name: "DO_NOT_USE" },
    { bit: 1, value: 2, name: "HOT" },
    { bit: 2, value: 4, name: "MY_OWN" },
  ];
  const dq = Uint32Array.of(0, 1, 2, 3, 4, 7);
  expect([...translateDq(dq, rows)]).toEqual([0, 1, pixel.HOT, 1 | pixel.HOT, 0, 1 | pixel.HOT]);
  expect([...dq]).toEqual([0, 1, 2, 3, 4, 7]);
  expect(translateDq(dq, [])).toBe(dq);
  const own = dq.slice();
  translateDqInPlace(own, rows);
  expect(own).toEqual(translateDq(dq, rows));
  translateDqInPlace(dq, []);
  expect([...dq]).toEqual([0, 1, 2, 3, 4, 7]);
});

test("flags that are the master's own stay the same array, unless there are bits without a name", () => {
  const rows = [
    { bit: 0, value: 1, name: "DO_NOT_USE" },
    { bit: 31, value: 2 ** 31, name: "REFERENCE_PIXEL" },
  ];
  const dq = Uint32Array.of(0, 1, 2 ** 31, 2 ** 31 + 1);
  expect(translateDq(dq, rows)).toBe(dq);
  dq[0] = 4;
  expect([...translateDq(dq, rows)]).toEqual([0, 1, 2 ** 31, 2 ** 31 + 1]);
  translateDqInPlace(dq, rows);
  expect([...dq]).toEqual([0, 1, 2 ** 31, 2 ** 31 + 1]);
});

test("flags in place, by way of the words that are not 0", () => {
  const rows = [
    { bit: 0, value: 1, name: "HOT" },
    { bit: 1, value: 2, name: "DO_NOT_USE" },
  ];
  const dq = Uint32Array.from({ length: 200 }, (_, i) => (i % 37 === 5 || i > 150 ? (i % 4) + 1 : 0));
  const wanted = translateDq(dq, rows);
  const asked: number[] = [];
  translateDqInPlace(dq, rows, (from) => {
    asked.push(from);
    const found = dq.findIndex((word, i) => i >= from && word !== 0);
    return found < 0 ? dq.length : found;
  });
  expect(dq).toEqual(wanted);
  expect(asked.length).toBeLessThan(12);
});
