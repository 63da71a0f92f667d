/** Output pixels that one input pixel reaches, and the share of its weight that each gets. */
export class Hits {
  index: Int32Array = new Int32Array(64);
  share: Float64Array = new Float64Array(64);

  /** Make room for so many pixels. */
  reserve(n: number): void {
    if (n <= this.index.length) return;
    const size = 2 ** Math.ceil(Math.log2(n));
    this.index = new Int32Array(size);
    this.share = new Float64Array(size);
  }
}
