export { SUBARRAY_CLOCKS } from "./kernel/clocks.js";
export {
  extraRowclocks,
  groupScatter,
  PhaseFit,
  type PhaseSums,
  parabolaMinimum,
  phaseSteps,
  type RampShape,
  sumByPhase,
  type Timing,
} from "./kernel/joint.js";
export { clippedMean, median } from "./kernel/select.js";
export {
  bestShift,
  cleanIntegration,
  lineSlope,
  lookupTable,
  PhaseClock,
  phasedWave,
  resample,
  roll,
  subtractTable,
} from "./kernel/sequential.js";
export { evaluateSpline, fitSpline, fraction, type Spline, waveformSpline } from "./kernel/spline.js";
export { subtractWave, subtractWaveTask, type WaveArgs } from "./kernel/subtract.js";
