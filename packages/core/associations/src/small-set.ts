/** How many values are searched one by one; a Set costs more than that, and most associations have few members. */
const FEW = 8;

/** A set of texts that takes little memory as long as it is small. In the order of insertion. */
export class SmallSet implements Iterable<string> {
  private one: string | undefined;
  private set: string[] | Set<string> | undefined;

  has(value: string): boolean {
    const { set } = this;
    if (set === undefined) return this.one === value;
    return Array.isArray(set) ? set.includes(value) : set.has(value);
  }

  add(value: string): void {
    if (this.has(value)) return;
    const { set, one } = this;
    if (set === undefined) {
      if (one === undefined) this.one = value;
      else this.set = [one, value];
    } else if (!Array.isArray(set)) set.add(value);
    else if (set.length < FEW) set.push(value);
    else this.set = new Set(set).add(value);
  }

  [Symbol.iterator](): Iterator<string> {
    return (this.set ?? (this.one === undefined ? [] : [this.one]))[Symbol.iterator]();
  }
}
