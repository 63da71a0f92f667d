import { type Connectivity, neighbours } from "./segments.js";

/** Pixels ordered by value, then by when they came. */
class Queue {
  private readonly value: number[] = [];
  private readonly age: number[] = [];
  private readonly index: number[] = [];

  get size(): number {
    return this.value.length;
  }

  private less(a: number, b: number): boolean {
    return this.value[a] < this.value[b] || (this.value[a] === this.value[b] && this.age[a] < this.age[b]);
  }

  private swap(a: number, b: number): void {
    for (const list of [this.value, this.age, this.index]) [list[a], list[b]] = [list[b], list[a]];
  }

  push(value: number, age: number, index: number): void {
    let at = this.value.length;
    this.value.push(value);
    this.age.push(age);
    this.index.push(index);
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!this.less(at, up)) break;
      this.swap(at, up);
      at = up;
    }
  }

  pop(): number {
    const top = this.index[0];
    const last = this.value.length - 1;
    this.swap(0, last);
    this.value.pop();
    this.age.pop();
    this.index.pop();
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < last && this.less(child, least)) least = child;
      if (least === at) return top;
      this.swap(at, least);
      at = least;
    }
  }
}

/**
 * Flood an image from markers, brightest pixels first, in place. Soille & Ansoult, Signal Process. 20, 171 (1990); of pixels of equal
 * brightness the one met first is flooded first.
 * @param markers - label per pixel, 0 for none; receives the labels of all pixels that can be reached
 * @param mask - 1 for pixels that may be flooded
 */
export function watershed(
  data: Float32Array,
  markers: Int32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  connectivity: Connectivity,
): void {
  const queue = new Queue();
  const around = neighbours(connectivity);
  for (let p = 0; p < markers.length; p++)
    if (mask[p] === 0) markers[p] = 0;
    else if (markers[p] !== 0) queue.push(-data[p], 0, p);
  let age = 1;
  while (queue.size > 0) {
    const p = queue.pop();
    const y = Math.floor(p / nx);
    const x = p - y * nx;
    for (const [dx, dy] of around) {
      const column = x + dx;
      const row = y + dy;
      if (column < 0 || column >= nx || row < 0 || row >= ny) continue;
      const q = row * nx + column;
      if (mask[q] === 0 || markers[q] !== 0) continue;
      age++;
      markers[q] = markers[p];
      queue.push(-data[q], age, q);
    }
  }
}
