import type { Meta } from "@calwebb/datamodels";

/** Pixel time [s]. */
const PIXEL_TIME = 10e-6;
/** Pixel times between two lines. */
const LINE_PAUSE = 12;

/** Time to read `lines` lines of `columns` pixels through some outputs [s]. */
function readoutTime(columns: number, lines: number, outputs: number, extraLines: number, extraPixels: number): number {
  return ((columns / outputs + LINE_PAUSE) * (lines + extraLines) + extraPixels) * PIXEL_TIME;
}

/**
 * Times at which the frames of each group are read, for exposures whose frames hold every stripe several times.
 * @returns one list of times [s] per repeat of each group, counted from the reset
 */
export function readTimes(meta: Meta): number[][] {
  const { nframes = 1, groupgap = 0, noutputs = 1 } = meta.exposure;
  const ngroups = Number(meta.exposure.ngroups ?? 0);
  const { multistripe_reads1 = 0, multistripe_reads2 = 0, slowaxis = 2, xsize = 0, ysize = 0 } = meta.subarray;
  const slowIsX = Math.abs(slowaxis) === 1;
  const lines = slowIsX ? xsize : ysize;
  const columns = slowIsX ? ysize : xsize;
  const extraLines = noutputs === 4 ? 1 : noutputs === 1 && columns >= 9 ? 2 : 3;
  const extraPixels = noutputs === 4 ? 1 : 0;
  const frame = readoutTime(columns, lines, noutputs, extraLines, extraPixels);
  const part = multistripe_reads1 + multistripe_reads2;
  // A reset touches one set of stripes only; within a frame they follow without extra lines.
  const steps =
    part > 0
      ? Array.from({ length: Math.floor(lines / part) }, (_, i) =>
          i === 0
            ? readoutTime(columns, part, noutputs, extraLines, extraPixels)
            : readoutTime(columns, part, noutputs, 0, 0),
        )
      : [frame];
  const out: number[][] = [];
  let elapsed = 0;
  for (let g = 0; g < ngroups; g++) {
    for (const step of steps) {
      out.push(Array.from({ length: nframes }, (_, f) => elapsed + step + f * frame));
      elapsed += step;
    }
    elapsed += frame * (nframes - 1 + groupgap);
  }
  return out;
}
