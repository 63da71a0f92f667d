import type { ScratchFile } from "@calwebb/bytes";
import { group } from "@calwebb/dqflags";
import type { RampShape } from "./memory.js";

const bytesOf = (a: Float32Array | Uint8Array): Uint8Array => new Uint8Array(a.buffer, a.byteOffset, a.byteLength);

/** Calibrated ramps put aside: counts and flags of one exposure, written by integrations and read by rows. */
export class Spill {
  readonly shape: RampShape;
  /** For each integration and group whether all pixels are DO_NOT_USE. */
  readonly unusable: Uint8Array;
  /** The same for SATURATED. */
  readonly saturated: Uint8Array;
  private readonly data: ScratchFile;
  private readonly flags: ScratchFile;

  constructor(shape: RampShape, data: ScratchFile, flags: ScratchFile) {
    this.shape = shape;
    this.data = data;
    this.flags = flags;
    this.unusable = new Uint8Array(shape.nints * shape.ngroups);
    this.saturated = new Uint8Array(shape.nints * shape.ngroups);
  }

  /** Keep consecutive integrations, the first of which is number `start`. */
  async put(start: number, data: Float32Array, groupdq: Uint8Array): Promise<void> {
    const { ngroups, nrows, ncols } = this.shape;
    const npix = nrows * ncols;
    await this.data.write(bytesOf(data), 4 * start * ngroups * npix);
    await this.flags.write(bytesOf(groupdq), start * ngroups * npix);
    for (let plane = 0; plane < groupdq.length / npix; plane++) {
      let all = 0xff;
      for (let p = plane * npix; p < (plane + 1) * npix && all !== 0; p++) all &= groupdq[p];
      this.unusable[start * ngroups + plane] = all & group.DO_NOT_USE;
      this.saturated[start * ngroups + plane] = all & group.SATURATED;
    }
  }

  /** Rows [from, to) of all groups of all integrations. */
  async rows(from: number, to: number, data: Float32Array, groupdq: Uint8Array): Promise<void> {
    const { nints, ngroups, nrows, ncols } = this.shape;
    const size = (to - from) * ncols;
    for (let plane = 0; plane < nints * ngroups; plane++) {
      const at = (plane * nrows + from) * ncols;
      await this.data.readInto(bytesOf(data.subarray(plane * size, (plane + 1) * size)), 4 * at);
      await this.flags.readInto(groupdq.subarray(plane * size, (plane + 1) * size), at);
    }
  }

  async close(): Promise<void> {
    await this.data.close();
    await this.flags.close();
  }
}
