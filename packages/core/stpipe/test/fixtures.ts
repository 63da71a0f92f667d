import { memorySink } from "@calwebb/bytes";
import { createModel, encodeModel, type Model, type RampModel } from "@calwebb/datamodels";
import { type DeclaredTypes, defineStep, float, type Param, type ProcessOf, type Step } from "@calwebb/stpipe";

export interface ScaleSpecs extends Readonly<Record<string, Param>> {
  factor: Param<number>;
}

/** Multiplies the data by its parameter and by the gain. */
export const ScaleStep: Step<DeclaredTypes<"RampModel", "RampModel", ScaleSpecs, readonly ["gain"]>> = defineStep({
  alias: "jump",
  className: "ScaleStep",
  classPath: "test.ScaleStep",
  description: "Scale a ramp.",
  input: "RampModel",
  output: "RampModel",
  parameters: { factor: float({ default: 2, min: 0, help: "Factor" }) } as ScaleSpecs,
  references: ["gain"],
  gate: (model) => (model.meta.exposure.ngroups === 1 ? "one group only" : undefined),
  load: async () => ({ process: scale }),
});

const scale: ProcessOf<typeof ScaleStep> = (input, ctx) => {
  if (ctx.params.factor === 0) throw new Error("the factor is 0");
  if (ctx.params.factor === 1) return { skip: "nothing to do" };
  const { data } = input.data;
  const gain = ctx.refs.gain.data.data[0];
  ctx.progress.start(data.length, "scaling");
  for (let i = 0; i < data.length; i++) data[i] *= ctx.params.factor * gain;
  ctx.progress.advance(data.length);
  return input;
};

/** Adds a number; needs no reference. */
export const AddStep: Step = defineStep({
  alias: "add",
  className: "AddStep",
  classPath: "test.AddStep",
  input: "RampModel",
  output: "RampModel",
  calStep: "linearity",
  parameters: { amount: float({ default: 1, help: "Amount" }) },
  load: async () => ({
    process: (input: RampModel, ctx: { params: { amount: number } }) => {
      for (let i = 0; i < input.data.data.length; i++) input.data.data[i] += ctx.params.amount;
      return input;
    },
  }),
}) as unknown as Step;

/** Gives two models. */
export const SplitStep: Step = defineStep({
  alias: "split",
  className: "SplitStep",
  classPath: "test.SplitStep",
  input: "RampModel",
  output: ["RampModel", "RampModel"],
  calStep: null,
  parameters: {},
  load: async () => ({ process: (input: RampModel) => [input, input.clone()] }),
}) as unknown as Step;

export function ramp(value = 1, filename: string | undefined = "x_nrcb1_uncal.fits"): RampModel {
  const model = createModel("RampModel", { shape: [1, 2, 2, 2] });
  model.data.data.fill(value);
  model.meta.instrument.name = "NIRCAM";
  model.meta.exposure.type = "NRC_IMAGE";
  if (filename !== undefined) model.meta.filename = filename;
  return model;
}

export function gain(value = 3): Model {
  const model = createModel("GainModel", { shape: [2, 2] });
  model.data.data.fill(value);
  return model;
}

export async function fits(model: Model): Promise<Uint8Array> {
  const sink = memorySink();
  await encodeModel(model, sink);
  return sink.bytes().slice();
}

/** First pixel of a ramp. */
export const pixel = (model: unknown): number => (model as RampModel).data.data[0];
