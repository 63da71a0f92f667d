import { ValidationError } from "@calwebb/errors";
import type { Model } from "./model.js";

const NAMES: Readonly<Record<number, string>> = { 2: "an image", 3: "a cube of images" };

/**
 * Check that the main array of a model has so many axes, none of them empty.
 * @param role - what the model is for the step, as "the target"; for the message
 * @throws {ValidationError} that says what the model is instead
 */
export function checkAxes(model: Model, axes: 2 | 3, role: string): void {
  const shape = model.shape ?? [];
  if (shape.length === axes && shape.every((n) => n > 0)) return;
  const got = shape.length === 0 ? "without data" : shape.join(" x ");
  const name = model.meta.filename === undefined ? "" : ` (${model.meta.filename})`;
  throw new ValidationError(`${role}${name} is of the class ${model.modelType}, ${got}; wanted is ${NAMES[axes]}`, {
    file: model.meta.filename,
    got,
    wanted: NAMES[axes],
  });
}
