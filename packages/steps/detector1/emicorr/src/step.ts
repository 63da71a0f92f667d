import {
  boolean,
  type DeclaredTypes,
  defineStep,
  floatList,
  integer,
  option,
  type Param,
  ref,
  type Step,
  string,
  type TypedReference,
} from "@calwebb/stpipe";

/** Parameters of the step. */
export type EmiCorrSpecs = {
  algorithm: Param<"sequential" | "joint">;
  nints_to_phase: Param<number | null>;
  nbins: Param<number | null>;
  scale_reference: Param<boolean>;
  onthefly_corr_freq: Param<readonly number[] | null>;
  use_n_cycles: Param<number | null>;
  fit_ints_separately: Param<boolean>;
  user_supplied_reffile: Param<string | null>;
  save_intermediate_results: Param<boolean>;
};

const PATTERNS = ["FAST", "FASTR1", "SLOW", "SLOWR1"];

/** Removes electromagnetic interference from MIRI ramps. Importing this loads no numeric code. */
export const EmiCorrStep: Step<
  DeclaredTypes<"RampModel", "RampModel", EmiCorrSpecs, readonly [TypedReference<"emicorr", never, true>]>
> = defineStep({
  alias: "emicorr",
  className: "EmiCorrStep",
  classPath: "jwst.emicorr.EmiCorrStep",
  description: "Remove electromagnetic interference from MIRI ramps.",
  input: "RampModel",
  output: "RampModel",
  skip: true,
  parameters: {
    algorithm: option(["sequential", "joint"], {
      default: "joint",
      help: "Fit ramps first and interference after, or both together",
    }),
    nints_to_phase: integer({ help: "Integrations that the waveform is measured in (sequential)" }),
    nbins: integer({ help: "Bins of one period of the measured waveform (sequential)" }),
    scale_reference: boolean({
      default: true,
      help: "Give the reference waveform the measured amplitude (sequential)",
    }),
    onthefly_corr_freq: floatList({ help: "Frequencies to remove without a reference file [Hz]" }),
    use_n_cycles: integer({
      default: 3,
      help: "Periods that the waveform is measured in; None: all data (sequential)",
    }),
    fit_ints_separately: boolean({ default: false, help: "Fit every integration on its own (joint)" }),
    user_supplied_reffile: string({ extension: true, help: "Out of use: give override_emicorr instead" }),
    save_intermediate_results: boolean({
      default: false,
      help: "Save the waveforms measured with onthefly_corr_freq as a reference file",
    }),
  },
  references: [
    ref("emicorr", {
      optional: true,
      needs: (_model, params) => params["onthefly_corr_freq"] === null && params["user_supplied_reffile"] === null,
    }),
  ],
  gate: (ramp) => {
    const { instrument, exposure } = ramp.meta;
    if (instrument.name !== "MIRI") return `there is no EMI correction for ${instrument.name}`;
    if (!PATTERNS.includes(exposure.readpatt?.toUpperCase() ?? ""))
      return `there is no EMI correction for the read pattern ${exposure.readpatt}`;
    return undefined;
  },
  load: () => import("./process.js"),
}) as never;
