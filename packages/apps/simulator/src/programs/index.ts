import { UsageError } from "@calwebb/errors";
import { miriCoronagraphy, miriImaging, miriLrs, miriMrs, miriWfss } from "./miri.js";
import {
  nircamCoronagraphy,
  nircamImaging,
  nircamMosaic,
  nircamTimeSeries,
  nircamWavefront,
  nircamWfss,
} from "./nircam.js";
import { nirissImaging, nirissInterferometry, nirissSoss, nirissWfss } from "./niriss.js";
import { nirspecIfu, nirspecLamps, nirspecShutters, nirspecSlits } from "./nirspec.js";
import { COLUMNS, type Program } from "./program.js";
import { coordinatedParallel, fgsImaging, movingTarget, pureParallel } from "./several.js";

/** Observing programs by name: every template and mode of every instrument. The same each time. */
export const PROGRAMS: Readonly<Record<string, () => Program>> = {
  "nircam-imaging": nircamImaging,
  "nircam-mosaic": nircamMosaic,
  "nircam-coronagraphy": nircamCoronagraphy,
  "nircam-wfss": nircamWfss,
  "nircam-time-series": nircamTimeSeries,
  "nircam-wavefront": nircamWavefront,
  "niriss-wfss": nirissWfss,
  "niriss-interferometry": nirissInterferometry,
  "niriss-soss": nirissSoss,
  "niriss-imaging": nirissImaging,
  "nirspec-slits": nirspecSlits,
  "nirspec-shutters": nirspecShutters,
  "nirspec-ifu": nirspecIfu,
  "nirspec-lamps": nirspecLamps,
  "miri-imaging": miriImaging,
  "miri-mrs": miriMrs,
  "miri-lrs": miriLrs,
  "miri-coronagraphy": miriCoronagraphy,
  "miri-wfss": miriWfss,
  "pure-parallel": pureParallel,
  "coordinated-parallel": coordinatedParallel,
  "moving-target": movingTarget,
  "fgs-imaging": fgsImaging,
};

/**
 * The association pool of an observing program.
 * @returns a table as ground processing writes it: `|` between columns, one exposure of one detector a line
 * @throws UsageError for a name that is not in {@link PROGRAMS}
 */
export function programPool(name: string): string {
  if (!Object.hasOwn(PROGRAMS, name))
    throw new UsageError(`there is no program "${name}"; known are ${Object.keys(PROGRAMS).join(", ")}`, { got: name });
  const { rows } = PROGRAMS[name]();
  return `${[COLUMNS.join("|"), ...rows.map((row) => COLUMNS.map((c) => row[c]).join("|"))].join("\n")}\n`;
}

export { Observation, type ObservationOptions, Program, type Row, type Target } from "./program.js";
