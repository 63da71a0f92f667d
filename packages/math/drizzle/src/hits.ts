/** Output pixels that one input pixel reaches, and the share of its weight that each gets. */
export class Hits {
  index: Int32Array = new Int32Array(64);
  share: Float64Array = new Float64Array(64);
  /** The same times the weight of the input pixel; see {@link weigh}. */
  weight: Float32Array = new Float32Array(64);

  /** Weights of the first n output pixels. */
  weigh(n: number, weight: number): void {
    const { share, weight: out } = this;
    for (let k = 0; k < n; k++) out[k] = share[k] * weight;
  }

  /** Make room for so many pixels. */
  reserve(n: number): void {
    if (n <= this.index.length) return;
    const size = 2 ** Math.ceil(Math.log2(n));
    this.index = new Int32Array(size);
    this.share = new Float64Array(size);
    this.weight = new Float32Array(size);
  }
}
