import { allocate, NdArray, type TypedArray } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import type { DataModel } from "./data-model.js";
import { ImageCell } from "./fits/cells.js";
import type { Model } from "./model.js";
import { isNdArray, own } from "./tree/types.js";

/**
 * Entries [start, end) of the first axis of an array, as a copy. Of an array that is still in its file only these are read, and the
 * file keeps the rest: an exposure can be worked on integration by integration.
 * @param name - a member of the model that is an array: `"data"`
 * @throws {ValidationError} when the model has no such array or the range is outside it
 */
export async function readPlanes(model: Model, name: string, start: number, end: number): Promise<NdArray> {
  const value = own((model as DataModel).tree, name);
  const shape = (value as { shape?: readonly number[] } | undefined)?.shape;
  if (shape === undefined) throw new ValidationError(`${model.modelType} has no array "${name}"`, { where: name });
  if (!(start >= 0 && end >= start && end <= shape[0]))
    throw new ValidationError(`entries ${start} to ${end} of "${name}" are outside its ${shape[0]}`, { where: name });
  const part = [end - start, ...shape.slice(1)];
  if (value instanceof ImageCell) {
    const size = shape.slice(1).reduce((a, b) => a * b, 1);
    const data = allocate(value.dtype, (end - start) * size) as TypedArray;
    if (data.length > 0) await value.hdu.readInto(data, start * size);
    return new NdArray(data, part);
  }
  if (!isNdArray(value)) await model.load(name);
  const array = own((model as DataModel).tree, name) as NdArray;
  return array.hi(end).lo(start).copy();
}
