import { ValidationError } from "@calwebb/errors";
import { type Camera, cameraOf } from "./camera.js";

/** A coronagraph: its camera, and where its mask is on the full detector (pixels from 1). */
interface Coronagraph {
  readonly detector: string;
  readonly aperture?: string;
  readonly filter: string;
  readonly pupil?: string;
  readonly coronagraph: string;
  readonly expType: string;
  readonly subarray: {
    readonly name: string;
    readonly x: number;
    readonly y: number;
    readonly nx: number;
    readonly ny: number;
  };
  readonly mask: { readonly x: number; readonly y: number };
}

/** Masks and subarrays, from the same aperture files as the geometry. */
export const CORONAGRAPHS: Readonly<Record<string, Coronagraph>> = {
  "nircam-335r": {
    detector: "NRCALONG",
    aperture: "NRCA5_FULL_MASK335R",
    filter: "F335M",
    pupil: "MASKRND",
    coronagraph: "MASKA335R",
    expType: "NRC_CORON",
    subarray: { name: "SUB320A335R", x: 492, y: 1502, nx: 320, ny: 320 },
    mask: { x: 641.2, y: 1675.6 },
  },
  "nircam-210r": {
    detector: "NRCA2",
    aperture: "NRCA2_FULL_MASK210R",
    filter: "F210M",
    pupil: "MASKRND",
    coronagraph: "MASKA210R",
    expType: "NRC_CORON",
    subarray: { name: "SUB640A210R", x: 392, y: 1186, nx: 640, ny: 640 },
    mask: { x: 712.8, y: 1516.5 },
  },
  "miri-1140": {
    detector: "MIRIMAGE",
    filter: "F1140C",
    coronagraph: "4QPM_1140",
    expType: "MIR_4QPM",
    subarray: { name: "MASK1140", x: 1, y: 243, nx: 288, ny: 224 },
    mask: { x: 120.75, y: 355.24 },
  },
  "miri-lyot": {
    detector: "MIRIMAGE",
    filter: "F2300C",
    coronagraph: "LYOT_2300",
    expType: "MIR_LYOT",
    subarray: { name: "MASKLYOT", x: 1, y: 719, nx: 320, ny: 304 },
    mask: { x: 144.33, y: 885.88 },
  },
};

/**
 * The camera behind a coronagraph's mask.
 * @param size - cut a square of this side about the mask out of the subarray; default: the whole subarray
 * @throws {ValidationError} for an unknown coronagraph, or a size that does not fit
 */
export function coronagraphOf(name: string, { size, readpatt }: { size?: number; readpatt?: string } = {}): Camera {
  const found = CORONAGRAPHS[name];
  if (!found)
    throw new ValidationError(`unknown coronagraph "${name}"; known: ${Object.keys(CORONAGRAPHS).join(", ")}`, {
      where: "coronagraph",
    });
  const { subarray, mask, coronagraph, ...camera } = found;
  let { x, y, nx, ny } = subarray;
  if (size !== undefined) {
    if (!Number.isInteger(size) || size < 16 || size > Math.min(nx, ny))
      throw new ValidationError(`size ${size} is not an integer from 16 to ${Math.min(nx, ny)}`, { where: "size" });
    // MIRI's amplifiers take turns: the cut begins with the first of them.
    const [x0, y0] = [mask.x, mask.y].map((centre) => Math.max(1, Math.round(centre - size / 2)));
    x = found.detector === "MIRIMAGE" ? x0 - ((x0 - 1) % 4) : x0;
    y = y0;
    nx = ny = size;
  }
  return cameraOf({
    ...camera,
    optics: { coronagraph },
    subarray: { name: subarray.name, xstart: x, ystart: y, xsize: nx, ysize: ny },
    reference: mask,
    ...(readpatt === undefined ? {} : { readpatt }),
  });
}
