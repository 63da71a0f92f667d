import { float, warnUnused } from "@calwebb/stpipe";
import { expect, test } from "vitest";

test("a parameter that changes nothing is named when it is given", () => {
  const step = { parameters: { amplitude: float({ default: 4, help: "x" }), other: float({ default: 1, help: "x" }) } };
  const said: string[] = [];
  const log = { warn: (message: string) => said.push(message) };
  warnUnused(step, { amplitude: 4, other: 2 }, ["amplitude"], log);
  expect(said).toEqual([]);
  warnUnused(step, { amplitude: 5, other: 2 }, ["amplitude"], log);
  expect(said).toEqual(["amplitude=5 has no effect, as in the reference implementation"]);
});
