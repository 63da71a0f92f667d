import type { UnknownHdu } from "@calwebb/fits";

/** An HDU of a kind not known here; it is written back as it is. */
export class RawHdu {
  readonly hdu: UnknownHdu;

  constructor(hdu: UnknownHdu) {
    this.hdu = hdu;
  }
}
