import { groupIdOf, type Model } from "@calwebb/datamodels";
import type { Times } from "./types.js";

const earlier = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);
const later = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b);

/** Measurement time of an exposure, or its exposure time where that is not known. */
export function weightTime(model: Model): { time: number | undefined; measured: boolean } {
  const { measurement_time, exposure_time } = model.meta.exposure;
  if (typeof measurement_time === "number") return { time: measurement_time, measured: true };
  return { time: exposure_time, measured: false };
}

/** Sums the times of exposures; several detectors at the same time count once. */
export class TimeKeeper {
  private readonly groups = new Set<string>();
  private exposure = 0;
  private measurement = 0;
  private duration = 0;
  private allMeasured = true;
  private start: number | undefined;
  private end: number | undefined;

  add(model: Model): void {
    const group = groupIdOf(model) ?? `#${this.groups.size + 1}`;
    if (this.groups.has(group)) return;
    this.groups.add(group);
    const { exposure_time, duration, start_time, end_time } = model.meta.exposure;
    this.exposure += exposure_time ?? 0;
    this.duration += duration ?? 0;
    const { time, measured } = weightTime(model);
    this.measurement += time ?? 0;
    this.allMeasured &&= measured;
    this.start = earlier(this.start, start_time);
    this.end = later(this.end, end_time);
  }

  result(): Times {
    return {
      pointings: this.groups.size,
      exposureTime: this.exposure,
      measurementTime: this.allMeasured ? this.measurement : undefined,
      startTime: this.start,
      endTime: this.end,
      duration: this.duration,
    };
  }
}
