import { convolve } from "./convolve.js";
import { cutout, findPeaks } from "./peaks.js";
import { type Star, type StarOptions, starsAt } from "./star-finder.js";
import { type StarKernel, starKernel } from "./star-kernel.js";

function measure(
  data: Float32Array,
  ny: number,
  nx: number,
  x0: number,
  y0: number,
  kernel: StarKernel,
): Star | undefined {
  const { size, mask } = kernel;
  const raw = cutout(data, ny, nx, x0, y0, size);
  let sky = 0;
  let count = 0;
  for (let p = 0; p < raw.length; p++)
    if (mask[p] === 0) {
      sky += raw[p];
      count++;
    }
  sky /= count;
  let flux = 0;
  let peak = 0;
  let positive = 0;
  let mx = 0;
  let my = 0;
  for (let p = 0; p < raw.length; p++) {
    const v = mask[p] === 0 ? 0 : raw[p] - sky;
    raw[p] = v < 0 ? 0 : v;
    if (raw[p] !== 0) positive++;
    flux += raw[p];
    peak = Math.max(peak, raw[p]);
    mx += raw[p] * (p % size);
    my += raw[p] * Math.floor(p / size);
  }
  if (positive < 2) return undefined;
  const cx = mx / flux;
  const cy = my / flux;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let p = 0; p < raw.length; p++) {
    const dx = (p % size) - cx;
    const dy = Math.floor(p / size) - cy;
    xx += raw[p] * dx * dx;
    yy += raw[p] * dy * dy;
    xy += raw[p] * dx * dy;
  }
  xx /= flux;
  yy /= flux;
  xy /= flux;
  const h = (size - 1) / 2;
  const angle = (0.5 * Math.atan2(2 * xy, xx - yy) * 180) / Math.PI;
  const star = {
    x: cx + x0 - h,
    y: cy + y0 - h,
    sharpness: (2 * Math.sqrt(Math.log(2) * (xx + yy))) / kernel.fwhm,
    roundness: Math.sqrt((xx - yy) ** 2 + 4 * xy * xy) / (xx + yy),
    peak,
    flux,
    orientation: angle < 0 ? angle + 360 : angle,
  };
  return Object.values(star).every(Number.isFinite) ? star : undefined;
}

/**
 * Stars as IRAF's `starfind` finds them: peaks of the image convolved with a lowered Gaussian; centroid, width and shape from image moments
 * above a local sky. Sharpness is the width in units of the kernel's.
 * @param mask - 1 for pixels that are no peaks
 * @param scratch - memory for an image; is overwritten
 */
export function irafStars(
  data: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  options: StarOptions,
  scratch: Float32Array = new Float32Array(data.length),
): Star[] {
  const kernel = starKernel(options.fwhm, options.sigmaRadius);
  const convolved = convolve(data, ny, nx, kernel, scratch);
  const peaks = findPeaks(convolved, mask, ny, nx, options.threshold, options.separation);
  return starsAt(peaks, (x, y) => measure(data, ny, nx, x, y, kernel), options);
}
