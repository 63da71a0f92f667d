import { NdArray, type TypedArray } from "@calwebb/array";
import { createModel, type Model, type RampModel } from "@calwebb/datamodels";

/** A model that holds one array, 2-D to 4-D, and the metadata of another model. */
export function intermediateModel(source: Model, data: TypedArray, shape: readonly number[]): Model {
  const name = shape.length === 4 ? "RampModel" : shape.length === 3 ? "CubeModel" : "ImageModel";
  const values = data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>);
  const model = createModel(name, { data: new NdArray(values, shape) }) as Model;
  model.update(source);
  // A ramp always has its flags.
  if (model.modelType === "RampModel") {
    const ramp = model as RampModel;
    ramp.pixeldq.flat();
    ramp.groupdq.flat();
  }
  return model;
}
