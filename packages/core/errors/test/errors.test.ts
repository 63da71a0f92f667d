import { CalwebbError, describeError, isCalwebbError, NoDataOnDetector, StepFailed, UsageError } from "@calwebb/errors";
import { expect, test } from "vitest";

test("errors are recognised by tag, also from another copy of the class", () => {
  const foreign = Object.assign(new Error("x"), { kind: "StepFailed", [Symbol.for("calwebb.error")]: "StepFailed" });
  expect(isCalwebbError(foreign, "StepFailed")).toBe(true);
  expect(isCalwebbError(new Error("x"))).toBe(false);
  expect(isCalwebbError(undefined)).toBe(false);
  expect(isCalwebbError(new UsageError("x"), "StepFailed")).toBe(false);
});

test("exit codes: 1 in general, 2 for usage, 64 for no data", () => {
  expect(new CalwebbError("IoError", "x").exitCode).toBe(1);
  expect(new UsageError("x").exitCode).toBe(2);
  expect(new NoDataOnDetector("x").exitCode).toBe(64);
});

test("describeError joins the chain of causes without repeating", () => {
  const inner = new Error("disk full");
  const outer = new StepFailed("jump failed", { cause: inner, step: "jump" });
  expect(describeError(outer)).toBe("jump failed: disk full");
  expect(describeError(new Error("a: b", { cause: new Error("b") }))).toBe("a: b");
  expect(outer.fields).toEqual({ step: "jump" });
});
