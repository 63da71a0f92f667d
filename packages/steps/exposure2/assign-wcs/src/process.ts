import type { FilteroffsetModel, Model } from "@calwebb/datamodels";
import { isCalwebbError, ValidationError } from "@calwebb/errors";
import {
  assignImaging,
  assignSpectral,
  isNirspecImage,
  isOtherLamp,
  isSpectral,
  NIRSPEC_IMAGES,
  pointingOf,
  type ReferenceModels,
  References,
} from "@calwebb/nirspec-wcs";
import { sipOptions } from "@calwebb/step-parameters";
import type { Logger, ParamsOf, ProcessOf, StepContext } from "@calwebb/stpipe";
import { loadTransform, setWcs, sRegionOf, updateFitsWcsinfo, type Wcs, wcsOf } from "@calwebb/wcs";
import { imagingWcs } from "./kernel.js";
import { requireImaging, withoutSky } from "./modes.js";
import type { AssignWcsStep } from "./step.js";

/** Add the world coordinates to an exposure, in place. */
export const process: ProcessOf<typeof AssignWcsStep> = async (exposure, context) => {
  const { params, refs, log } = context;
  const { instrument, exposure: about } = exposure.meta;
  const { grating, lamp_mode: lampMode } = instrument;
  const nirspec = instrument.name === "NIRSPEC";
  if (nirspec && isNirspecImage(about.type, grating)) {
    const references = new References(refs as ReferenceModels);
    const onSky = await assignImaging(exposure, { references, log });
    // Spectra and lamps that see the mirror have coordinates alone.
    if (NIRSPEC_IMAGES.has((about.type ?? "").toUpperCase())) describeImage(exposure, onSky, params, log);
    return exposure;
  }
  const reason = withoutSky(about.type);
  if (reason !== undefined) return { skip: reason };
  if (nirspec && isOtherLamp(about.type, grating, lampMode))
    return { skip: `exposures of type ${about.type} in the lamp mode ${lampMode} have no world coordinates` };
  if (nirspec && isSpectral(about.type, grating, lampMode)) {
    await assignNirspec(exposure, context);
    return exposure;
  }
  requireImaging(about.type);
  const node = refs.distortion?.model;
  if (node === undefined)
    throw new ValidationError("assign_wcs needs a distortion reference file", { where: "distortion", got: "N/A" });
  const { shape } = exposure;
  if (!shape) throw new ValidationError("the exposure has no data to give coordinates to", { where: "SCI" });
  const wcs = imagingWcs({
    distortion: await loadTransform(node),
    shape,
    offset: filterOffset(exposure, refs.filteroffset, log),
    subarray: exposure.meta.subarray,
    pointing: pointingOf(exposure),
    vaScale: exposure.meta.velocity_aberration.scale_factor,
  });
  setWcs(exposure, wcs);
  describeImage(exposure, true, params, log);
  return exposure;
};

/** S_REGION and the SIP approximation of an image that has its world coordinates. */
function describeImage(exposure: Model, onSky: boolean, params: ParamsOf<typeof AssignWcsStep>, log: Logger): void {
  if (!onSky) {
    log.info("the coordinates end at the MSA: there is no S_REGION and no SIP approximation");
    return;
  }
  updateRegion(exposure, log);
  if (!params.sip_approx) return;
  try {
    const fit = updateFitsWcsinfo(exposure, sipOptions(params));
    if (!fit.accurate)
      log.warn(
        `the SIP fit is off by up to ${fit.maxError.toPrecision(3)} (inverse ${fit.maxInvError?.toPrecision(3)}) pixel`,
      );
  } catch (error) {
    if (!isCalwebbError(error)) throw error;
    log.warn(`no SIP approximation in the header: ${error.message}`);
  }
}

/** Spectra of NIRSpec: slits, shutters and slices. */
async function assignNirspec(
  exposure: Model,
  { params, refs, log, openModel }: StepContext<ParamsOf<typeof AssignWcsStep>, object>,
): Promise<void> {
  await assignSpectral(exposure, {
    references: new References(refs as ReferenceModels),
    range: [params.slit_y_low, params.slit_y_high],
    openMetafile: async (path) => {
      const file = await openModel(path);
      await file.load();
      return file;
    },
    log,
    keepSlices: params.nrs_ifu_slice_wcs,
  });
}

/** The offset of the filter: MIRI lists it by filter, the others by filter and pupil; FGS has no filters. */
function filterOffset(
  exposure: Model,
  reference: FilteroffsetModel | undefined,
  log: Logger,
): { column: number; row: number } | undefined {
  const { name, filter, pupil } = exposure.meta.instrument;
  if (!reference || name === "FGS") return undefined;
  const rows = [...reference.filters].filter(
    (row) => row.filter === filter && (name === "MIRI" || (row.pupil ?? undefined) === pupil),
  );
  if (rows.length > 1 && name !== "MIRI")
    throw new ValidationError(`the filteroffset reference has ${rows.length} offsets for ${filter} and ${pupil}`, {
      where: "filteroffset",
    });
  const { column_offset: column, row_offset: row } = rows[0] ?? {};
  if (column === undefined || row === undefined) {
    log.info(`no offset for the filter ${filter}`);
    return undefined;
  }
  log.debug(`offset of the filter ${filter}: ${column}, ${row} pixel`);
  return { column, row };
}

function updateRegion(exposure: Model, log: Logger): void {
  const region = sRegionOf(wcsOf(exposure) as Wcs, { shape: exposure.shape });
  if (region === undefined) log.warn("the corners of the image have no place on the sky; S_REGION is not updated");
  else exposure.meta.wcsinfo.s_region = region;
}
