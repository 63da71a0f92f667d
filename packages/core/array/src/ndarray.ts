import { allocate, type DType, dtypeOf, type TypedArray, type TypedArrayOf } from "./dtype.js";

function product(shape: readonly number[]): number {
  let n = 1;
  for (const s of shape) n *= s;
  return n;
}

function rowMajor(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    stride[i] = step;
    step *= shape[i];
  }
  return stride;
}

/**
 * A view of a typed array as an n-dimensional array: element (i, j, ...) is `data[offset + i*stride[0] + j*stride[1] + ...]`.
 *
 * The fields and methods are those of the scijs `ndarray` package, so values pass to code written for it; unlike it, nothing
 * here generates code at run time. Kernels never see this class: they take `data`, sizes and offsets.
 */
export class NdArray<T extends TypedArray = TypedArray> {
  readonly data: T;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;

  constructor(data: T, shape: readonly number[], stride: readonly number[] = rowMajor(shape), offset = 0) {
    this.data = data;
    this.shape = shape;
    this.stride = stride;
    this.offset = offset;
  }

  /** Number of elements. */
  get size(): number {
    return product(this.shape);
  }

  get dimension(): number {
    return this.shape.length;
  }

  get dtype(): DType {
    return dtypeOf(this.data);
  }

  /** Whether the elements are the whole of `data` or one run of it, in row-major order. */
  get contiguous(): boolean {
    let step = 1;
    for (let i = this.shape.length - 1; i >= 0; i--) {
      if (this.shape[i] !== 1 && this.stride[i] !== step) return false;
      step *= this.shape[i];
    }
    return true;
  }

  /** Position of an element in `data`. */
  index(...at: number[]): number {
    let p = this.offset;
    for (let i = 0; i < at.length; i++) p += at[i] * this.stride[i];
    return p;
  }

  get(...at: number[]): T[number] {
    return this.data[this.index(...at)];
  }

  set(...args: [...number[], T[number]]): T[number] {
    const value = args[args.length - 1] as T[number];
    this.data[this.index(...(args.slice(0, -1) as number[]))] = value as never;
    return value;
  }

  /** Fix some axes (a number) and keep the others (null or left out): `cube.pick(2)` is plane 2. */
  pick(...at: (number | null)[]): NdArray<T> {
    const shape: number[] = [];
    const stride: number[] = [];
    let offset = this.offset;
    for (let i = 0; i < this.shape.length; i++) {
      const k = at[i] ?? null;
      if (k === null || k < 0) {
        shape.push(this.shape[i]);
        stride.push(this.stride[i]);
      } else offset += k * this.stride[i];
    }
    return new NdArray(this.data, shape, stride, offset);
  }

  /** View that starts at the given index of each axis. */
  lo(...from: number[]): NdArray<T> {
    let offset = this.offset;
    const shape = this.shape.map((n, i) => {
      const k = Math.max(0, Math.min(n, from[i] ?? 0));
      offset += k * this.stride[i];
      return n - k;
    });
    return new NdArray(this.data, shape, this.stride, offset);
  }

  /** View that ends before the given index of each axis. */
  hi(...to: number[]): NdArray<T> {
    return new NdArray(
      this.data,
      this.shape.map((n, i) => Math.max(0, Math.min(n, to[i] ?? n))),
      this.stride,
      this.offset,
    );
  }

  /** View that takes every k-th element; a negative step reverses the axis. */
  step(...steps: number[]): NdArray<T> {
    let offset = this.offset;
    const shape: number[] = [];
    const stride: number[] = [];
    this.shape.forEach((n, i) => {
      const k = steps[i] ?? 1;
      if (k < 0) offset += this.stride[i] * (n - 1);
      shape.push(Math.ceil(n / Math.abs(k)));
      stride.push(this.stride[i] * k);
    });
    return new NdArray(this.data, shape, stride, offset);
  }

  /** View with the axes in another order. */
  transpose(...axes: number[]): NdArray<T> {
    const order = axes.length ? axes : this.shape.map((_, i) => this.shape.length - 1 - i);
    return new NdArray(
      this.data,
      order.map((a) => this.shape[a]),
      order.map((a) => this.stride[a]),
      this.offset,
    );
  }

  /** The same elements under another shape; the view must be contiguous. */
  reshape(...shape: number[]): NdArray<T> {
    if (product(shape) !== this.size) throw new RangeError(`cannot reshape [${this.shape}] to [${shape}]`);
    return new NdArray(this.flat(), shape);
  }

  /**
   * The elements as one typed array in row-major order: a view of `data` where the array is contiguous, a copy otherwise.
   */
  flat(): T {
    if (this.contiguous) {
      const n = this.size;
      if (this.offset === 0 && this.data.length === n) return this.data;
      return this.data.subarray(this.offset, this.offset + n) as T;
    }
    return this.copy().data;
  }

  /** A contiguous copy with its own memory. */
  copy(): NdArray<T> {
    const n = this.size;
    const out = allocate(this.dtype, n) as T;
    if (this.contiguous) out.set(this.data.subarray(this.offset, this.offset + n) as never);
    else {
      const at = new Array<number>(this.shape.length).fill(0);
      for (let i = 0; i < n; i++) {
        out[i] = this.data[this.index(...at)] as never;
        for (let a = at.length - 1; a >= 0 && ++at[a] === this.shape[a]; a--) at[a] = 0;
      }
    }
    return new NdArray(out, this.shape);
  }
}

/** A new zero-filled array of the given element type and shape. */
export function ndarray<D extends DType>(dtype: D, shape: readonly number[]): NdArray<TypedArrayOf<D>> {
  return new NdArray(allocate(dtype, product(shape)), [...shape]);
}
