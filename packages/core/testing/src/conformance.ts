import type { TypedArray } from "@calwebb/array";
import type { Model } from "@calwebb/datamodels";
import { isCalwebbError } from "@calwebb/errors";
import { definePipeline, type Step } from "@calwebb/stpipe";
import { describe, expect, test } from "vitest";

/** What {@link stepConformance} needs of a step's tests. */
export interface ConformanceOptions {
  /** Makes a small input that the step runs on. */
  input: () => Model;
  /** References as models; made anew for each run. */
  references?: () => Record<string, Model>;
  params?: Record<string, unknown>;
  /** An input that the step must refuse, with a message that names what is wrong. Default: a model of another class. */
  bad?: () => Model;
  /** A type whose "N/A" does not skip the step although it is not declared optional. */
  status?: "COMPLETE" | "SKIPPED";
}

/** Every array and scalar of a model, copied. */
function snapshot(model: Model): Map<string, unknown> {
  const out = new Map<string, unknown>();
  for (const [path, value] of Object.entries(model.toFlat(true))) {
    const array = value as { data?: TypedArray } | null;
    out.set(
      path,
      typeof array === "object" && array?.data && ArrayBuffer.isView(array.data) ? array.data.slice() : value,
    );
  }
  return out;
}

const statusOf = (step: Step, result: unknown): unknown => {
  const model = (Array.isArray(result) ? result[0] : result) as Model;
  return model.get(`meta.cal_step.${step.calStep}`);
};

const NOT_APPLICABLE = {
  find: async (_: unknown, types: readonly string[]) => Object.fromEntries(types.map((t) => [t, "N/A"])),
  prefetch: async () => ({}),
  context: async () => "",
};

/**
 * What every step proves, whatever it computes: it runs and records its status, leaves the caller's model alone, can be skipped, is
 * skipped without its references, and its failures carry its name.
 */
export function stepConformance(step: Step, options: ConformanceOptions): void {
  const call = (
    input: Model,
    params: Record<string, unknown> = {},
    extra: Record<string, unknown> = {},
  ): Promise<unknown> =>
    step.call(input, { ...options.params, ...params } as never, {
      references: options.references?.() ?? {},
      resolver: NOT_APPLICABLE,
      ...extra,
    });
  describe(`${step.alias} behaves as a step`, () => {
    test("is a frozen declaration with help for every own parameter", () => {
      expect(Object.isFrozen(step)).toBe(true);
      expect(step.apiVersion).toBe(1);
      for (const [name, param] of Object.entries(step.parameters)) expect(param.help, name).toBeTruthy();
    });

    test("runs, records its status and leaves the input untouched", async () => {
      const input = options.input();
      const before = snapshot(input);
      const result = await call(input, { skip: false });
      if (step.calStep !== null) expect(statusOf(step, result)).toBe(options.status ?? "COMPLETE");
      expect(result).not.toBe(input);
      const after = snapshot(input);
      for (const [path, value] of before) expect(after.get(path), path).toEqual(value);
      expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    });

    test("skip: true bypasses it inside a pipeline and says so", async () => {
      // A step that is run alone runs whatever its parameter skip says.
      const pipeline = definePipeline({
        alias: "conformance",
        className: "ConformancePipeline",
        classPath: "calwebb.ConformancePipeline",
        input: "JwstDataModel",
        output: "JwstDataModel",
        steps: { [step.alias]: step },
        process: (input, ctx) => ctx.run[step.alias](input as never) as never,
      });
      const params = { steps: { [step.alias]: { ...options.params, skip: true } } };
      const result = await pipeline.call(options.input() as never, params as never, { resolver: NOT_APPLICABLE });
      if (step.calStep !== null) expect((result as Model).get(`meta.cal_step.${step.alias}`)).toBe("SKIPPED");
    });

    const required = step.references.filter((r) => !r.optional && !r.manual);
    if (options.references && required.length > 0)
      test("is skipped when its references do not apply", async () => {
        const result = await call(options.input(), { skip: false }, { references: {} });
        if (step.calStep !== null) expect(statusOf(step, result)).toBe("SKIPPED");
      });

    test("an unknown parameter is refused by name", async () => {
      await expect(call(options.input(), { no_such_parameter: 1 })).rejects.toThrow(/no_such_parameter/);
    });

    test("a failure carries the step's name", async () => {
      const abort = AbortSignal.abort(new Error("stopped by the test"));
      const failure = await call(options.input(), { skip: false }, { signal: abort }).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(isCalwebbError(failure)).toBe(true);
      const said = isCalwebbError(failure) ? `${failure.fields.step} ${failure.message}` : "";
      expect(said.includes(step.alias) || said.includes(step.className), said).toBe(true);
    });
  });
}
