/** How many values are searched one by one; a Set costs more than that, and most associations have few members. */
const FEW = 8;

/** A set of texts that takes little memory as long as it is small. In the order of insertion. */
export class SmallSet implements Iterable<string> {
  private readonly list: string[] = [];
  private set: Set<string> | undefined;

  get size(): number {
    return this.list.length;
  }

  has(value: string): boolean {
    return this.set === undefined ? this.list.includes(value) : this.set.has(value);
  }

  add(value: string): void {
    if (this.has(value)) return;
    this.list.push(value);
    if (this.set !== undefined) this.set.add(value);
    else if (this.list.length > FEW) this.set = new Set(this.list);
  }

  [Symbol.iterator](): Iterator<string> {
    return this.list[Symbol.iterator]();
  }
}
