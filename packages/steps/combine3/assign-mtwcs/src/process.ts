import type { Model, ModelContainer } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import type { ProcessOf } from "@calwebb/stpipe";
import { setWcs, sRegionOf, type WithMeta, wcsOf } from "@calwebb/wcs";
import { addMovingTargetFrame, meanTarget, type Target } from "./kernel.js";
import type { AssignMTWcsStep } from "./step.js";

/** Types of exposures that have an S_REGION of their corners. */
const IMAGING =
  /^(?:FGS|MIR|NRC|NIS|NRS)_(?:IMAGE|FOCUS|TACQ|TACONFIRM|TSIMAGE|CORON|LYOT|4QPM|CORONCAL|AMI|MIMF|CONFIRM|MSATA|TASLIT|VERIFY|WATA)$/i;

/** Move the exposures of an association to the mean position of their target, in place. */
export const process: ProcessOf<typeof AssignMTWcsStep> = (container, { log }) => {
  if (container.modelType !== "ModelContainer")
    return { skip: "a single exposure has no others to be aligned with", status: "FAILED" };
  const models = container as ModelContainer;
  const science = models.indexesOfType("science").map((i) => models.at(i) as Model);
  const targets: Target[] = [];
  for (const model of science) {
    const parts = partsOf(model).map(targetOf);
    if (parts.some((t) => t === undefined)) {
      // The reference implementation counts this as done.
      const file = model.meta.filename ?? "an exposure";
      log.warn(`the position of the target (MT_RA, MT_DEC) is missing in ${file}: exposures are not aligned with it`);
      return models;
    }
    targets.push(parts[0] as Target);
  }
  if (targets.length === 0) return { skip: "the association has no science exposures" };
  const mean = meanTarget(targets);
  for (const model of science) {
    for (const part of partsOf(model)) move(part, mean, model.meta.filename);
    if (IMAGING.test(model.meta.exposure.type ?? "")) {
      const wcs = wcsOf(model);
      const region = wcs && sRegionOf(wcs, { shape: model.shape });
      if (region !== undefined) model.set("meta.wcsinfo.s_region", region);
    }
  }
  return models;
};

/** The slits of a model of several; else the model itself. */
function partsOf(model: Model): WithMeta[] {
  const slits = (model as { slits?: Iterable<WithMeta> }).slits;
  const list = slits === undefined ? [] : [...slits];
  return list.length > 0 ? list : [model];
}

function targetOf(part: WithMeta): Target | undefined {
  const ra = part.get("meta.wcsinfo.mt_ra");
  const dec = part.get("meta.wcsinfo.mt_dec");
  return typeof ra === "number" && typeof dec === "number" ? { ra, dec } : undefined;
}

function move(part: WithMeta, mean: Target, file: string | undefined): void {
  const wcs = wcsOf(part);
  if (!wcs)
    throw new ValidationError(`${file ?? "an exposure"} has no world coordinates: run assign_wcs first`, {
      where: "meta.wcs",
    });
  setWcs(part, addMovingTargetFrame(wcs, mean, targetOf(part) as Target));
  part.set("meta.wcsinfo.mt_avra", mean.ra);
  part.set("meta.wcsinfo.mt_avdec", mean.dec);
}
