import { boolean, float, integer, type Param, type ParamValues } from "@calwebb/stpipe";
import type { SipOptions } from "@calwebb/wcs";

/** Parameters of the SIP approximation in the header. */
export type SipSpecs = {
  sip_approx: Param<boolean>;
  sip_max_pix_error: Param<number>;
  sip_degree: Param<number | null>;
  sip_max_inv_pix_error: Param<number>;
  sip_inv_degree: Param<number | null>;
  sip_npoints: Param<number>;
};

/** Declarations of the parameters of the SIP approximation. */
export function sipParameters(): SipSpecs {
  return {
    sip_approx: boolean({ default: true, help: "Also write a FITS approximation with SIP polynomials" }),
    sip_max_pix_error: float({ default: 0.01, help: "Largest error of the SIP fit, pixels to sky [pixel]" }),
    sip_degree: integer({ max: 6, help: "Degree of the SIP fit; None: the lowest that is accurate" }),
    sip_max_inv_pix_error: float({ default: 0.01, help: "Largest error of the SIP fit, sky to pixels [pixel]" }),
    sip_inv_degree: integer({ max: 6, help: "Degree of the inverse SIP fit; None: the lowest that is accurate" }),
    sip_npoints: integer({ default: 12, help: "Points of the SIP fit along each axis" }),
  };
}

/** What the parameters mean to the fit. */
export function sipOptions(p: ParamValues<SipSpecs>): SipOptions {
  return {
    maxPixError: p.sip_max_pix_error,
    degree: p.sip_degree ?? undefined,
    maxInvPixError: p.sip_max_inv_pix_error,
    invDegree: p.sip_inv_degree ?? undefined,
    npoints: p.sip_npoints,
  };
}
