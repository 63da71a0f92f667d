import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { wcsOf } from "../model.js";
import type { Wcs } from "../wcs.js";
import { fitSip, type SipFit, type SipOptions } from "./sip.js";

/** Keywords that a fit replaces or makes void. */
const REMOVED = /^(?:naxis|cdelt[12]|pc[12]_[12]|[ab]p?_order|[ab]p?_\d_\d)$/;

/**
 * Write the SIP approximation of a WCS into `meta.wcsinfo`, in place. The reference pixel stays where `meta.wcsinfo` has it.
 * @param options.wcs - the WCS to approximate; default the one of the model
 * @throws {ValidationError} when there is none, or it cannot be fitted
 */
export function updateFitsWcsinfo(model: Model, options: SipOptions & { wcs?: Wcs } = {}): SipFit {
  const wcs = options.wcs ?? wcsOf(model);
  if (!wcs) throw new ValidationError("the model has no WCS", { where: "meta.wcs" });
  const { crpix1, crpix2 } = model.meta.wcsinfo;
  const known = crpix1 !== undefined && crpix2 !== undefined ? ([crpix1, crpix2] as const) : undefined;
  const fit = fitSip(wcs, { ...options, crpix: options.crpix ?? known });
  for (const name of Object.keys((model.get("meta.wcsinfo") as object | undefined) ?? {}))
    if (REMOVED.test(name)) model.delete(`meta.wcsinfo.${name}`);
  for (const [keyword, value] of Object.entries(fit.cards)) model.set(`meta.wcsinfo.${keyword.toLowerCase()}`, value);
  return fit;
}
