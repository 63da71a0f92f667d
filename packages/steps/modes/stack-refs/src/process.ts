import { ndarray } from "@calwebb/array";
import { type CubeModel, createModel, type Model, type ModelContainer } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import type { ProcessOf } from "@calwebb/stpipe";
import { concatenate } from "./kernel.js";
import type { StackRefsStep } from "./step.js";

/** The exposures to stack: those that the association calls PSFs, all of them when it calls none so. */
function referencesOf(input: ModelContainer | CubeModel): CubeModel[] {
  if (!("length" in input)) return [input];
  const psfs = input.indexesOfType("psf");
  const models: Model[] = psfs.length > 0 ? psfs.map((i) => input.at(i) as Model) : [...input];
  return models as CubeModel[];
}

const shown = (shape: readonly number[] | undefined): string => (shape ?? []).join(" x ") || "nothing";

/** Stack all integrations of all exposures; the metadata are those of the first. */
export const process: ProcessOf<typeof StackRefsStep> = async (input, { log, signal, progress }) => {
  const exposures = referencesOf(input);
  if (exposures.length === 0) throw new ValidationError("the association has no exposures to stack");
  const [, ny, nx] = exposures[0].shape ?? [];
  for (const model of exposures) {
    const { shape } = model;
    if (shape?.length === 3 && shape[1] === ny && shape[2] === nx) continue;
    const file = model.meta.filename;
    throw new ValidationError(
      `the PSF exposure ${file ?? "without a name"} is ${shown(shape)}; all must be cubes of images of ${shown([ny, nx])}`,
      { file, got: shown(shape), wanted: `n x ${shown([ny, nx])}` },
    );
  }
  const shape = [exposures.reduce((sum, m) => sum + (m.shape as number[])[0], 0), ny, nx];
  const [data, err, dq] = [ndarray("float32", shape), ndarray("float32", shape), ndarray("uint32", shape)];
  progress.start(exposures.length, "stack_refs");
  let at = 0;
  for (const [i, model] of exposures.entries()) {
    signal.throwIfAborted();
    await model.load("data", "err", "dq");
    const end = at + model.data.size;
    concatenate([model.data.flat()], data.data.subarray(at, end));
    concatenate([model.err.flat()], err.data.subarray(at, end));
    concatenate([model.dq.flat()], dq.data.subarray(at, end));
    at = end;
    log.info(`exposure ${i + 1} of ${exposures.length}: ${model.shape?.[0]} integrations`);
    progress.advance();
  }
  const stack = createModel("CubeModel", { data, err, dq });
  stack.update(exposures[0]);
  return stack;
};
