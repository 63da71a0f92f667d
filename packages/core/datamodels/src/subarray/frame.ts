import { NdArray, type TypedArray } from "@calwebb/array";

function reversed<T extends TypedArray>(a: NdArray<T>, rows: number, columns: number): NdArray<T> {
  const steps = a.shape.map(() => 1);
  steps[a.shape.length - 2] = rows;
  steps[a.shape.length - 1] = columns;
  return a.step(...steps);
}

function swapped<T extends TypedArray>(a: NdArray<T>): NdArray<T> {
  const axes = a.shape.map((_, i) => i);
  const n = axes.length;
  [axes[n - 2], axes[n - 1]] = [n - 1, n - 2];
  return a.transpose(...axes);
}

/**
 * The last two axes turned from the science to the detector frame: fast axis along rows, both axes in reading order. A view.
 * @param fastaxis - FASTAXIS, -2 ... 2: the axis that is read fast, negative when read downwards
 * @param slowaxis - SLOWAXIS
 */
export function toDetectorFrame<T extends TypedArray>(a: NdArray<T>, fastaxis: number, slowaxis: number): NdArray<T> {
  const fast = Math.sign(fastaxis);
  const slow = Math.sign(slowaxis);
  return Math.abs(fastaxis) === 1 ? reversed(a, slow, fast) : swapped(reversed(a, fast, slow));
}

/** The way back from {@link toDetectorFrame}. A view. */
export function toScienceFrame<T extends TypedArray>(a: NdArray<T>, fastaxis: number, slowaxis: number): NdArray<T> {
  const fast = Math.sign(fastaxis);
  const slow = Math.sign(slowaxis);
  return Math.abs(fastaxis) === 1 ? reversed(a, slow, fast) : reversed(swapped(a), fast, slow);
}

/** Elements [from, to) of one axis, a view; negative axes count from the end. Indexes outside are cut off, as numpy does. */
export function sliced<T extends TypedArray>(a: NdArray<T>, axis: number, from: number, to: number): NdArray<T> {
  const k = axis < 0 ? a.shape.length + axis : axis;
  const start = Math.max(0, Math.min(a.shape[k], from));
  const end = Math.max(start, Math.min(a.shape[k], to));
  const shape = [...a.shape];
  shape[k] = end - start;
  return new NdArray(a.data, shape, a.stride, a.offset + start * a.stride[k]);
}
