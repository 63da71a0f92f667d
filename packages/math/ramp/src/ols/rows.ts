import { group } from "@calwebb/dqflags";
import { medianInPlace } from "./median.js";
import { LARGE_VARIANCE, PixelFit } from "./pixel.js";
import { countSegments } from "./segments.js";
import { type OlsInput, type OlsPiece, olsConstants } from "./setup.js";
import { powerIndex, WeightTable } from "./weights.js";

/** Columns handled together: a tile of this width and all its samples stays in the cache. */
const TILE = 128;

/** A block of pixels of one row with their ramps side by side: sample s of pixel k is at [k * samples + s]. */
class Tile {
  readonly samples: number;
  readonly data: Float32Array;
  readonly dq: Uint8Array;
  /** OR of the flags of the groups in use. */
  readonly any: Uint8Array;

  constructor(samples: number) {
    this.samples = samples;
    this.data = new Float32Array(samples * TILE);
    this.dq = new Uint8Array(samples * TILE);
    this.any = new Uint8Array(TILE);
  }

  /**
   * Pixels of one image lie a whole plane apart from group to group, often a power of two, where all samples of a pixel
   * fall on the same few cache lines: read along the row and turn the block round.
   */
  load(input: OlsInput, npix: number, from: number, width: number, first: number, end: number): void {
    const { samples, any } = this;
    const { data, groupdq: dq, ngroups } = input.ramp;
    const toData = this.data;
    const toDq = this.dq;
    any.fill(0);
    for (let s = 0; s < samples; s++) {
      const at = s * npix + from;
      const g = s % ngroups;
      const mask = g >= first && g < end ? 0xff : 0;
      for (let k = 0, to = s; k < width; k++, to += samples) {
        toData[to] = data[at + k];
        const q = dq[at + k];
        toDq[to] = q;
        any[k] |= q & mask;
      }
    }
  }
}

/** Copy one pixel's ramps out of a tile and apply the rules for flags that come before any fit. */
function loadPixel(pixel: PixelFit, input: OlsInput, tile: Tile, k: number, first: number, end: number): void {
  const { nints, ngroups } = input.ramp;
  const used = end - first;
  const { data, dq, original } = pixel;
  for (let i = 0; i < nints; i++) {
    const from = k * tile.samples + i * ngroups;
    let suppressed = 0;
    if (input.suppressOneGroup) {
      let good = 0;
      for (let g = 0; g < ngroups; g++) if ((tile.dq[from + g] & ~group.PERSISTENCE) === 0) good++;
      if (good === 1) suppressed = group.DO_NOT_USE;
    }
    const to = i * used;
    for (let g = 0; g < used; g++) {
      data[to + g] = tile.data[from + first + g];
      const q = tile.dq[from + first + g];
      original[to + g] = q;
      dq[to + g] = q | suppressed;
    }
    // A jump in the first group that is left says nothing about the groups after it.
    if (first > 0) dq[to] &= ~group.JUMP_DET;
  }
}

/**
 * Least squares fit of the rows rowStart .. rowEnd-1 of a stack of ramps. Results are written to the planes of the piece;
 * pieces do not influence each other.
 *
 * Per segment: slope with weights |(i - mid) / mid|^P, P from the signal-to-noise of the segment (Fixsen et al. 2000, PASP
 * 112, 1350); var_R = 12 R^2 / ((n^3 - n) gain^2 tgroup^2); var_P = (median rate + dark) / (tgroup gain (n - 1)).
 * Segments, then integrations, are averaged with weights 1 / var_R.
 */
export function fitOlsRows(piece: OlsPiece): void {
  const { ramp, rate, rateints, segments, gain, noise } = piece;
  const { nints, ngroups, nrows, ncols, zeroframe } = ramp;
  const first = piece.groups?.first ?? 0;
  const end = piece.groups?.end ?? ngroups;
  const used = end - first;
  const npix = nrows * ncols;
  const t = olsConstants(piece.timing);
  const weights = new WeightTable(used);
  const pixel = new PixelFit(nints, used, t, weights, piece.suppressOneGroup === true);
  const tile = new Tile(nints * ngroups);
  const sorted = new Float64Array(Math.max(1, used));
  const clean = used >= 3 && segments === undefined;
  const fits = clean ? [0, 1, 2, 3, 4, 5].map((i) => weights.get(i, used).slope) : [];
  const slopes = new Float64Array(nints);
  const cubic = used * used * used - used;

  for (let row = piece.rowStart; row < piece.rowEnd; row++) {
    for (let col = 0; col < ncols; col += TILE) {
      const p0 = row * ncols + col;
      const width = Math.min(TILE, ncols - col);
      tile.load(piece, npix, p0, width, first, end);
      for (let k = 0; k < width; k++) {
        const p = p0 + k;
        const pixelGain = gain[p];
        const pixelNoise = noise[p];
        const dark = ramp.averageDark === undefined ? 0 : ramp.averageDark[p];
        if (clean && tile.any[k] === 0 && (ramp.pixeldq[p] & 3) === 0 && pixelGain > 0 && pixelNoise > 0) {
          // A pixel without any flag: one segment per integration, all with the same variances.
          let sumRate = 0;
          let sumSlope = 0;
          for (let i = 0; i < nints; i++) {
            const base = k * tile.samples + i * ngroups + first;
            const data = tile.data;
            let before = data[base];
            const start = before;
            for (let g = 1; g < used; g++) {
              const now = data[base + g];
              sorted[g - 1] = now - before;
              before = now;
            }
            const step = before - start;
            const s = (step * pixelGain) / Math.sqrt(pixelNoise * pixelNoise + step * pixelGain);
            const w = fits[powerIndex(s > 0 ? s : 0)];
            let slope = 0;
            for (let g = 0; g < used; g++) slope += w[g] * data[base + g];
            slope /= t.groupTime;
            slopes[i] = slope;
            sumSlope += slope;
            sumRate += medianInPlace(sorted, used - 1);
          }
          if (sumSlope - sumSlope === 0) {
            const r = pixelNoise / t.groupTime;
            const vr = (12 * r * r) / (cubic * pixelGain * pixelGain);
            const mean = sumRate / (t.groupTime * nints);
            const vp = ((mean > 0 ? mean : 0) + dark) / (t.groupTime * pixelGain * (used - 1));
            const read = vr >= LARGE_VARIANCE ? 0 : vr;
            const poisson = vp > 0 && vp < LARGE_VARIANCE ? vp : 0;
            if (vr > 0 && read > 0 && dark >= 0) {
              const err = vp + vr > LARGE_VARIANCE ? 0 : Math.sqrt(vp + vr);
              for (let i = 0; i < nints; i++) {
                const at = i * npix + p;
                rateints.slope[at] = slopes[i];
                rateints.dq[at] = ramp.pixeldq[p];
                rateints.varPoisson[at] = poisson;
                rateints.varRnoise[at] = read;
                rateints.err[at] = err;
              }
              rate.slope[p] = sumSlope / nints;
              rate.dq[p] = ramp.pixeldq[p];
              const vpMean = vp > 0 && vp / nints < LARGE_VARIANCE ? vp / nints : 0;
              rate.varPoisson[p] = vpMean;
              rate.varRnoise[p] = vr / nints;
              rate.err[p] = Math.sqrt(vpMean + vr / nints);
              continue;
            }
          }
        }
        pixel.gain = pixelGain;
        pixel.noise = pixelNoise;
        pixel.dark = dark;
        pixel.pixeldq = ramp.pixeldq[p];
        loadPixel(pixel, piece, tile, k, first, end);
        pixel.fit(rate, rateints, segments, zeroframe, npix, p);
        if (piece.chargeloss) pixel.restoreReadNoise(rate, rateints, npix, p);
      }
    }
  }
}

/** Largest number of segments and of jumps of any ramp in the rows of a piece; needed to size the optional results. */
export function measureOlsRows(piece: OlsInput & { rowStart: number; rowEnd: number }): {
  nsegments: number;
  ncrs: number;
} {
  const { ramp } = piece;
  const { nints, ngroups, nrows, ncols, zeroframe } = ramp;
  const first = piece.groups?.first ?? 0;
  const end = piece.groups?.end ?? ngroups;
  const used = end - first;
  const npix = nrows * ncols;
  const pixel = new PixelFit(nints, used, olsConstants(piece.timing), new WeightTable(used), true);
  const tile = new Tile(nints * ngroups);
  const segmentStart = new Int32Array(used);
  const segmentEnd = new Int32Array(used);
  let nsegments = 0;
  let ncrs = 0;
  for (let row = piece.rowStart; row < piece.rowEnd; row++) {
    for (let col = 0; col < ncols; col += TILE) {
      const p0 = row * ncols + col;
      const width = Math.min(TILE, ncols - col);
      tile.load(piece, npix, p0, width, first, end);
      for (let k = 0; k < width; k++) {
        loadPixel(pixel, piece, tile, k, first, end);
        const { dq } = pixel;
        for (let i = 0; i < nints; i++) {
          const base = i * used;
          let crs = 0;
          let good = 0;
          for (let g = 0; g < used; g++) {
            const q = dq[base + g];
            if (q === 0) good++;
            if (g > 0 && q & group.JUMP_DET) crs++;
          }
          if (crs > ncrs) ncrs = crs;
          if (!piece.suppressOneGroup && good === 0 && zeroframe !== undefined && zeroframe[i * npix + p0 + k] !== 0)
            dq[base] = 0;
          if (dq[base] & group.SATURATED) continue;
          const n = countSegments(dq, base, used, segmentStart, segmentEnd);
          if (n > nsegments) nsegments = n;
        }
      }
    }
  }
  return { nsegments, ncrs };
}
