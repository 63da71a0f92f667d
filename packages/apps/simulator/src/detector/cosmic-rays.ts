import type { Random } from "@calwebb/rng";

/** Charge that appears between two frames: [pixel, electrons] pairs. */
export type Hits = [number, number][];

/** Hits per second on a full NIR detector, and the share of them that are snowballs. */
const RATE_FULL_FRAME = 24;
const SNOWBALL_SHARE = 0.004;

/**
 * Cosmic rays of one frame: short tracks with a log-normal charge, and now and then a snowball, a saturated disc in a halo.
 * @param time - frame time [s]
 * @param scale - factor on the rate of events; 1 is that of space
 * @param snowballs - factor on the share of snowballs among them
 */
export function cosmicRays(
  nx: number,
  ny: number,
  time: number,
  scale: number,
  snowballs: number,
  random: Random,
): Hits {
  const hits: Hits = [];
  const share = SNOWBALL_SHARE * snowballs;
  const events = random.poisson(RATE_FULL_FRAME * time * scale * ((nx * ny) / 2048 ** 2));
  for (let e = 0; e < events; e++) {
    const x = random.uniform() * nx;
    const y = random.uniform() * ny;
    if (random.uniform() < share) snowball(hits, nx, ny, x, y, random);
    else track(hits, nx, ny, x, y, random);
  }
  return hits;
}

function track(hits: Hits, nx: number, ny: number, x: number, y: number, random: Random): void {
  const charge = Math.exp(6.2 + 1.1 * random.normal());
  const length = 1 + random.poisson(1.2);
  const angle = 2 * Math.PI * random.uniform();
  for (let k = 0; k < length; k++) {
    const px = Math.floor(x + k * Math.cos(angle));
    const py = Math.floor(y + k * Math.sin(angle));
    if (px >= 0 && px < nx && py >= 0 && py < ny) hits.push([py * nx + px, charge / length]);
  }
}

function snowball(hits: Hits, nx: number, ny: number, x: number, y: number, random: Random): void {
  const core = 2 + 5 * random.uniform();
  const halo = core * 2.5;
  for (let py = Math.max(0, Math.floor(y - halo)); py <= Math.min(ny - 1, y + halo); py++) {
    for (let px = Math.max(0, Math.floor(x - halo)); px <= Math.min(nx - 1, x + halo); px++) {
      const r = Math.hypot(px - x, py - y);
      if (r <= core) hits.push([py * nx + px, 200_000]);
      else if (r <= halo) hits.push([py * nx + px, 30_000 * Math.exp(-(r - core) / (0.35 * core))]);
    }
  }
}
