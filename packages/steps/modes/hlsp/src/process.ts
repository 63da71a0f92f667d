import { checkAxes, createModel, tableFrom } from "@calwebb/datamodels";
import type { ProcessOf } from "@calwebb/stpipe";
import { contrastCurve, signalToNoise } from "./kernel.js";
import type { HlspStep } from "./step.js";

/** Make both products and save them under their own suffixes. */
export const process: ProcessOf<typeof HlspStep> = async (image, { params, saveResult, resultsAreSaved }) => {
  checkAxes(image, 2, "the input");
  await image.load();
  const [ny, nx] = image.data.shape;
  image.data = image.data.contiguous ? image.data : image.data.copy();
  const curve = contrastCurve(image.data.flat(), ny, nx, params.annuli_width);
  const contrast = createModel("ContrastModel", { contrast_table: tableFrom({ ...curve }) });
  contrast.update(image);
  const snr = image;
  signalToNoise(snr.data.flat(), snr.err.flat());
  for (const [model, suffix] of [
    [snr, "snr"],
    [contrast, "contrast"],
  ] as const) {
    model.set("meta.cal_step.hlsp", "COMPLETE");
    await saveResult(model, { suffix });
  }
  resultsAreSaved();
  return [snr, contrast];
};
