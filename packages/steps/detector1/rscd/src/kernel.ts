export {
  correctDecay,
  correctDecayTask,
  type DecayArgs,
  type DecayEquation,
  type DecayRow,
  decayScale,
  extrapolateLast,
  groupTerms,
} from "./kernel/decay.js";
export { flagFirstGroups, type SkipResult } from "./kernel/flag.js";
