import { NdArray } from "@calwebb/array";
import { createModel, type EmiModel, type RampModel } from "@calwebb/datamodels";
import type { ProcessOf, StepContext } from "@calwebb/stpipe";
import {
  cleanIntegration,
  lookupTable,
  PhaseClock,
  PhaseFit,
  phasedWave,
  phaseSteps,
  subtractTable,
  subtractWaveTask,
  sumByPhase,
  type Timing,
  waveformSpline,
} from "./kernel.js";
import { type Configuration, fromReference, type Interference, onTheFly } from "./reference.js";
import type { EmiCorrStep } from "./step.js";

type Context = Parameters<ProcessOf<typeof EmiCorrStep>>[1];

/** Phases at which chi squared is computed. */
const TRIALS = 500;

function timingOf(ramp: RampModel, c: Configuration, frequency: number): Timing {
  const resets = /^(FAST|SLOW)R1$/i.test(ramp.meta.exposure.readpatt ?? "");
  return {
    nsamples: ramp.meta.exposure.nsamples ?? 1,
    rowclocks: c.rowclocks,
    frameclocks: resets ? c.frameclocks : 0,
    period: 1 / frequency / 10e-6,
  };
}

function shapeOf(ramp: RampModel): { nints: number; ngroups: number; ny: number; nx: number } {
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  return { nints, ngroups, ny, nx };
}

/** Fit ramps and one waveform together, then subtract the waveform. */
async function joint(ramp: RampModel, c: Configuration, one: Interference, ctx: Context): Promise<void> {
  const shape = shapeOf(ramp);
  const timing = timingOf(ramp, c, one.frequency);
  const wave = one.wave as Float64Array;
  const data = ramp.data.flat();
  const spline = waveformSpline(wave);
  const steps = phaseSteps(shape, timing);
  const sums = sumByPhase(data, ramp.pixeldq.flat(), shape, timing, wave.length);
  const fit = new PhaseFit(sums, spline, shape, steps, TRIALS);
  const all = Array.from({ length: shape.nints }, (_, i) => i);
  const fits = (ctx.params.fit_ints_separately ? all.map((i) => [i]) : [all]).map((integrations) => {
    const phase = fit.bestPhase(integrations);
    return { phase, amplitude: fit.at(phase, integrations).amplitude };
  });
  const pieces = all.map((integration) => {
    const { phase, amplitude } = fits[ctx.params.fit_ints_separately ? integration : 0];
    return {
      data,
      ...shape,
      integration,
      wave: spline,
      amplitude,
      phase: phase + integration * steps.integration,
      groupStep: steps.group,
      ...timing,
    };
  });
  ctx.log.info(`${one.frequency} Hz: amplitude ${fits[0].amplitude.toFixed(3)} at phase ${fits[0].phase.toFixed(3)}`);
  await ctx.executor.run(subtractWaveTask, pieces, { signal: ctx.signal });
}

/** State that one frequency of the sequential algorithm leaves to the next. */
interface Phasing {
  nints: number | null;
}

/** Integrations that the waveform is measured in. */
function integrationsToPhase(
  ramp: RampModel,
  c: Configuration,
  period: number,
  state: Phasing,
  cycles: number | null,
): number {
  const [nints, ngroups] = ramp.data.shape;
  if (state.nints === null)
    state.nints = cycles === null ? nints : Math.ceil((cycles * period) / (c.frameclocks * ngroups));
  else if (cycles === 3) state.nints = Math.min(state.nints, nints);
  return Math.min(state.nints, nints);
}

/** Measure one waveform in residuals of straight ramps, match the reference to it, and subtract. Gives the waveform. */
function sequential(ramp: RampModel, c: Configuration, one: Interference, state: Phasing, ctx: Context): Float64Array {
  const { params } = ctx;
  const shape = shapeOf(ramp);
  const timing = timingOf(ramp, c, one.frequency);
  const { nints, ngroups, ny, nx } = shape;
  const size = ngroups * ny * nx;
  const averaged = ngroups * ny * Math.floor(nx / 4);
  const data = ramp.data.flat();
  const { xsize = nx, xstart = 1 } = ramp.meta.subarray;
  const late = Math.trunc(xsize / 4 + xstart - 1) === 258;

  const used = integrationsToPhase(ramp, c, timing.period, state, params.use_n_cycles);
  const values = new Float64Array(used * averaged);
  const phases = new Float64Array(used * averaged);
  const clock = new PhaseClock(shape, timing, late);
  for (let i = 0; i < used; i++) {
    cleanIntegration(data.subarray(i * size, (i + 1) * size), shape, values.subarray(i * averaged, (i + 1) * averaged));
    clock.next(phases.subarray(i * averaged, (i + 1) * averaged));
  }
  let nbins = params.nbins ?? Math.trunc(timing.period / 2);
  if (nbins > 501) nbins = 500;
  const wave = phasedWave(phases, values, nbins);
  const table = lookupTable(wave, one.wave, timing.period, params.scale_reference);
  const again = new PhaseClock(shape, timing, late);
  const phase = new Float64Array(averaged);
  for (let i = 0; i < nints; i++) {
    ctx.signal.throwIfAborted();
    again.next(phase);
    subtractTable(data.subarray(i * size, (i + 1) * size), phase, table, shape, timing.period);
  }
  return wave;
}

/** Save measured waveforms as a reference file that a later run can use. */
async function saveWaves(
  ramp: RampModel,
  c: Configuration,
  waves: ReadonlyMap<Interference, Float64Array>,
  ctx: Pick<StepContext, "saveModel">,
): Promise<void> {
  const { instrument, exposure, subarray } = ramp.meta;
  const names = c.interference.map((one) => one.name);
  const readpatt = exposure.readpatt ?? "";
  const model = createModel("EmiModel");
  const frequencies: Record<string, unknown> = {};
  for (const [one, wave] of waves)
    frequencies[one.name] = { frequency: one.frequency, phase_amplitudes: new NdArray(wave, [wave.length]) };
  const freqs = { [readpatt]: readpatt.includes("FAST") ? names : { [instrument.detector ?? ""]: names } };
  // Names of frequencies hold dots, so the branches are set whole.
  model.tree["frequencies"] = frequencies;
  model.tree["subarray_cases"] = {
    [subarray.name ?? ""]: { rowclocks: c.rowclocks, frameclocks: c.frameclocks, freqs },
  };
  model.set("meta.reftype", "emicorr");
  model.set("meta.author", "JWST calibration pipeline");
  model.set("meta.instrument.name", "MIRI");
  model.set("meta.description", "EMI correction file");
  model.set("meta.pedigree", "GROUND");
  model.set("meta.useafter", new Date().toISOString().slice(0, 19));
  await ctx.saveModel(model, { suffix: "emi_ref_waves", ext: ".asdf" });
}

/** Remove interference from a MIRI ramp, frequency by frequency, in place. */
export const process: ProcessOf<typeof EmiCorrStep> = async (ramp, ctx) => {
  const { params, log, progress } = ctx;
  await ramp.load("data", "pixeldq");
  const { instrument, exposure, subarray } = ramp.meta;
  const readpatt = exposure.readpatt ?? "";
  const name = subarray.name ?? "";
  const frequencies = params.onthefly_corr_freq;
  let reference: EmiModel | undefined = ctx.refs.emicorr;
  if (frequencies === null) {
    if (params.user_supplied_reffile !== null) {
      log.warn("user_supplied_reffile is out of use; give override_emicorr instead");
      reference = await ctx.openModel(params.user_supplied_reffile, { model: "EmiModel" });
      await reference.load();
    }
    if (reference === undefined) return { skip: "no EMICORR reference file applies" };
  }
  const ngroups = ramp.data.shape[1];
  if (ngroups < 3) return { skip: `${ngroups} groups are too few to fit interference in` };
  let { algorithm } = params;
  if (algorithm === "joint" && frequencies !== null) {
    log.warn("frequencies without a reference file need the sequential algorithm, which is used");
    algorithm = "sequential";
  }
  if (algorithm === "sequential" && ngroups < 10) log.warn(`with ${ngroups} groups the joint algorithm does better`);
  const c =
    frequencies === null
      ? await fromReference(reference as EmiModel, name, readpatt, instrument.detector ?? "")
      : onTheFly(name, readpatt, frequencies);
  if (c === undefined) return { skip: `nothing is known for subarray ${name} with read pattern ${readpatt}` };

  const state: Phasing = { nints: params.nints_to_phase };
  const waves = new Map<Interference, Float64Array>();
  progress.start(c.interference.length, "EMI frequencies");
  for (const one of c.interference) {
    if (algorithm === "joint") await joint(ramp, c, one, ctx);
    else waves.set(one, sequential(ramp, c, one, state, ctx));
    progress.advance();
  }
  if (frequencies !== null && params.save_intermediate_results) await saveWaves(ramp, c, waves, ctx);
  return ramp;
};
