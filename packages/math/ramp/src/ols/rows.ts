import { group } from "@calwebb/dqflags";
import { storeClean } from "./clean.js";
import { PixelFit } from "./pixel.js";
import { countSegments } from "./segments.js";
import { type OlsInput, type OlsPiece, olsConstants } from "./setup.js";
import { Tile } from "./tile.js";
import { WeightTable } from "./weights.js";

/** Copy one pixel's ramps out of a tile and apply the rules for flags that come before any fit. */
function loadPixel(pixel: PixelFit, input: OlsInput, tile: Tile, k: number, first: number, end: number): void {
  const { nints, ngroups } = input.ramp;
  const used = end - first;
  const { data, dq, original } = pixel;
  const { stride } = tile;
  for (let i = 0; i < nints; i++) {
    const from = i * ngroups * stride + k;
    let suppressed = 0;
    if (input.suppressOneGroup) {
      let good = 0;
      for (let g = 0; g < ngroups; g++) if ((tile.dq[from + g * stride] & ~group.PERSISTENCE) === 0) good++;
      if (good === 1) suppressed = group.DO_NOT_USE;
    }
    const to = i * used;
    for (let g = 0; g < used; g++) {
      data[to + g] = tile.arrays.data[from + (first + g) * stride];
      const q = tile.dq[from + (first + g) * stride];
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
  const { ramp, rate, rateints, segments, gain } = piece;
  const { nints, ngroups, nrows, ncols, zeroframe } = ramp;
  const first = piece.groups?.first ?? 0;
  const end = piece.groups?.end ?? ngroups;
  const used = end - first;
  const npix = nrows * ncols;
  const t = olsConstants(piece.timing);
  const weights = new WeightTable(used);
  const suppress = piece.suppressOneGroup === true;
  const pixel = new PixelFit(nints, used, t, weights, suppress);
  const tile = new Tile(ramp, first, used, weights, piece.simd);
  const clean = used >= 3 && segments === undefined;
  const flagged = clean ? tile.flaggedFit(weights, t, suppress, zeroframe !== undefined) : undefined;
  const todo = Int32Array.from({ length: tile.width + 1 }, (_, k) => k);

  const last = piece.rowEnd * ncols;
  for (let from = piece.rowStart * ncols; from < last; from += tile.width) {
    const width = Math.min(tile.width, last - from);
    tile.load(ramp, npix, from, width);
    tile.loadNoise(piece, from, width);
    let n = width;
    if (clean) {
      tile.fitClean(ramp.averageDark, t.groupTime, from, width);
      n = storeClean(piece, tile, from, width, todo);
    }
    if (flagged !== undefined) {
      flagged.load(ramp.pixeldq, zeroframe, npix, from, width);
      flagged.fit(todo, n, from, rate, rateints);
      // What is left needs more than a fit.
      n = withChargeLoss(tile.any, todo, n);
    }
    for (let j = 0; j < n; j++) {
      const k = todo[j];
      const p = from + k;
      pixel.gain = gain[p];
      pixel.noise = tile.arrays.noise[k];
      pixel.dark = ramp.averageDark === undefined ? 0 : ramp.averageDark[p];
      pixel.pixeldq = ramp.pixeldq[p];
      loadPixel(pixel, piece, tile, k, first, end);
      pixel.fit(rate, rateints, segments, zeroframe, npix, p);
      if ((tile.any[k] & group.CHARGELOSS) !== 0) pixel.restoreReadNoise(rate, rateints, npix, p);
    }
  }
}

/** Keep the pixels of `todo` that lost charge to their neighbours; how many. */
function withChargeLoss(any: Uint8Array, todo: Int32Array, n: number): number {
  let kept = 0;
  for (let j = 0; j < n; j++) if ((any[todo[j]] & group.CHARGELOSS) !== 0) todo[kept++] = todo[j];
  return kept;
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
  const weights = new WeightTable(used);
  const pixel = new PixelFit(nints, used, olsConstants(piece.timing), weights, true);
  const tile = new Tile(ramp, first, used, weights);
  const segmentStart = new Int32Array(used);
  const segmentEnd = new Int32Array(used);
  let nsegments = 0;
  let ncrs = 0;
  const last = piece.rowEnd * ncols;
  for (let from = piece.rowStart * ncols; from < last; from += tile.width) {
    const width = Math.min(tile.width, last - from);
    tile.load(ramp, npix, from, width);
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
        if (!piece.suppressOneGroup && good === 0 && zeroframe !== undefined && zeroframe[i * npix + from + k] !== 0)
          dq[base] = 0;
        if (dq[base] & group.SATURATED) continue;
        const n = countSegments(dq, base, used, segmentStart, segmentEnd);
        if (n > nsegments) nsegments = n;
      }
    }
  }
  return { nsegments, ncrs };
}
