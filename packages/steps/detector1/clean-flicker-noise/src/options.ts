import type { Logger } from "@calwebb/stpipe";
import { ALLSLITS_FILTER, type CleanSettings, USUAL_FILTER } from "./kernel.js";

/** What the step decides before it looks at the data. */
export interface Options {
  settings: CleanSettings;
  medianImage: boolean;
  singleMask: boolean;
}

/** Parameters that the options come from; `autoparam` may have replaced some. */
export interface Chosen {
  readonly fit_method: "fft" | "median";
  readonly fit_by_channel: boolean;
  readonly background_method: "median" | "model" | "median_image" | null;
  readonly background_box_size: readonly number[] | null;
  readonly apply_flat_field: boolean;
  readonly n_sigma: number;
  readonly single_mask: boolean;
}

/** What is known of the exposure. */
export interface Exposure {
  type: string;
  detector: string;
  subarray: string;
  slowaxis: number;
}

const FFT_TYPES = ["NRS_MSASPEC", "NRS_IFU", "NRS_FIXEDSLIT", "NRS_BRIGHTOBJ"];

/** Why an exposure cannot be cleaned in this way; undefined when it can. */
export function obstacle(type: string, fitMethod: string): string | undefined {
  if (type.startsWith("MIR") && type !== "MIR_IMAGE") return `EXP_TYPE ${type} cannot be cleaned`;
  if (fitMethod === "fft" && !FFT_TYPES.includes(type)) return `fit_method fft cannot be used for EXP_TYPE ${type}`;
  return undefined;
}

export function chooseOptions(p: Chosen, exposure: Exposure, log: Logger): Options {
  const miri = exposure.type.startsWith("MIR");
  const medianImage = p.background_method === "median_image";
  let singleMask = p.single_mask;
  if (medianImage && singleMask) {
    log.warn("background_method median_image needs a rate per integration: single_mask is set to False");
    singleMask = false;
  }
  let byChannel = p.fit_by_channel;
  if (byChannel && (miri || exposure.subarray !== "FULL")) {
    log.warn("fit_by_channel is for full frames of the near infrared detectors: it is set to False");
    byChannel = false;
  }
  const box = p.background_box_size;
  return {
    medianImage,
    singleMask,
    settings: {
      method: p.fit_method,
      // Once the median image is subtracted no background is left.
      background: p.background_method === "median_image" ? null : p.background_method,
      box: box === null ? null : [box[0], box[1]],
      sigma: p.n_sigma,
      // MIRI has no 1/f noise; what flickers there runs along columns.
      alongRows: !miri && Math.abs(exposure.slowaxis) === 2,
      byChannel,
      detector: exposure.detector,
      filter: exposure.subarray === "ALLSLITS" ? ALLSLITS_FILTER : USUAL_FILTER,
    },
  };
}
