/** A sorted collection that values enter and leave one by one; NaN are counted apart. */
export class SlidingMedian {
  private readonly sorted: Float64Array;
  private size = 0;
  private nans = 0;

  /** @param capacity - largest number of values at one time */
  constructor(capacity: number) {
    this.sorted = new Float64Array(capacity);
  }

  clear(): void {
    this.size = 0;
    this.nans = 0;
  }

  add(value: number): void {
    if (Number.isNaN(value)) {
      this.nans++;
      return;
    }
    const { sorted } = this;
    let i = this.size++;
    for (; i > 0 && sorted[i - 1] > value; i--) sorted[i] = sorted[i - 1];
    sorted[i] = value;
  }

  /** Take out a value that was added before. */
  remove(value: number): void {
    if (Number.isNaN(value)) {
      this.nans--;
      return;
    }
    const { sorted } = this;
    const at = this.find(value);
    this.size--;
    for (let i = at; i < this.size; i++) sorted[i] = sorted[i + 1];
  }

  /** Take out a value that was added before and add another: only what lies between the two moves. */
  replace(old: number, value: number): void {
    if (Number.isNaN(old) || Number.isNaN(value)) {
      this.remove(old);
      this.add(value);
      return;
    }
    const { sorted, size } = this;
    let i = this.find(old);
    if (value > old) for (; i + 1 < size && sorted[i + 1] < value; i++) sorted[i] = sorted[i + 1];
    else for (; i > 0 && sorted[i - 1] > value; i--) sorted[i] = sorted[i - 1];
    sorted[i] = value;
  }

  /** Where a value stands. */
  private find(value: number): number {
    const { sorted } = this;
    let low = 0;
    let high = this.size - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * The median; the mean of the middle two of an even number.
   * @param single - round that mean as float32 arithmetic does
   * @returns NaN without values, or when one of them is NaN
   */
  median(single: boolean): number {
    const n = this.size;
    if (n === 0 || this.nans > 0) return Number.NaN;
    const upper = this.sorted[n >> 1];
    if (n % 2 === 1) return upper;
    const sum = this.sorted[(n >> 1) - 1] + upper;
    return single ? Math.fround(Math.fround(sum) / 2) : sum / 2;
  }
}
