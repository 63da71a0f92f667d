import { AsdfArray, type Fields, Tagged } from "@calwebb/asdf";
import type { Model } from "@calwebb/datamodels";
import { ReferenceNotFound, ValidationError } from "@calwebb/errors";
import { loadTransform, type Transform } from "@calwebb/wcs";
import type { ReferenceType } from "./reference-types.js";

/** Reference models by type; missing ones do not apply. */
export type ReferenceModels = Readonly<Partial<Record<ReferenceType, Model>>>;

/** Where a slit, shutter or slice is and how large it is [m]. */
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Places of apertures in their own plane, and the transform from there. */
export interface Apertures {
  place(index: number): Place;
  transform: Transform;
}

/** Reads parts of references when they are asked for. */
export class References {
  private readonly models: ReferenceModels;

  constructor(models: ReferenceModels) {
    this.models = models;
  }

  has(type: ReferenceType): boolean {
    return this.models[type] !== undefined;
  }

  /** @throws {ReferenceNotFound} when the type does not apply */
  model(type: ReferenceType): Model {
    const model = this.models[type];
    if (model) return model;
    throw new ReferenceNotFound(
      `world coordinates of NIRSpec spectra need a ${type} reference, and there is none; give one with --override_${type}`,
      { where: type },
    );
  }

  /** A number of a reference. */
  number(type: ReferenceType, path: string): number {
    const value = this.model(type).get(path);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new ValidationError(`the ${type} reference has no number ${path}`, { where: path, got: String(value) });
  }

  /** A list of numbers of a reference. */
  numbers(type: ReferenceType, path: string): number[] {
    const value = this.model(type).get(path);
    const list = value instanceof AsdfArray ? [...value.readSync().flat()] : value;
    if (Array.isArray(list)) return list.map(Number);
    throw new ValidationError(`the ${type} reference has no list ${path}`, { where: path });
  }

  /** A transform of a reference. */
  async transform(type: ReferenceType, path = "model"): Promise<Transform> {
    const node = this.model(type).get(path);
    if (node instanceof Tagged) return loadTransform(node);
    throw new ValidationError(`the ${type} reference has no transform ${path}`, { where: path, got: typeof node });
  }

  /** A table of apertures: number, centre and size by columns of these meanings, and the transform of the plane that they are in. */
  async apertures(type: "msa" | "ifuslicer", quadrant?: number): Promise<Apertures> {
    const prefix = quadrant === undefined ? "" : `Q${quadrant}.`;
    const data = this.model(type).get(`${prefix}data`);
    if (!(data instanceof AsdfArray))
      throw new ValidationError(`the ${type} reference has no table ${prefix}data`, { where: `${prefix}data` });
    const columns = await columnsOf(data);
    const count = columns[0].length;
    return {
      transform: await this.transform(type, `${prefix}model`),
      place: (index) => {
        if (!(index >= 0 && index < count))
          throw new ValidationError(`the ${type} reference has no aperture ${index} in ${prefix}data`, {
            where: `${prefix}data`,
            got: String(index),
            wanted: `0 .. ${count - 1}`,
          });
        const [x, y, width, height] = [1, 2, 3, 4].map((k) => columns[k][index]);
        return { x, y, width, height };
      },
    };
  }
}

/** The five columns of a table of apertures: a structured array, or a plain one of five numbers each. */
async function columnsOf(data: AsdfArray): Promise<ArrayLike<number>[]> {
  if (Array.isArray(data.datatype)) {
    const fields: Fields = await data.readFields();
    const columns = Object.values(fields).map((f) =>
      Array.isArray(f) ? f.map(Number) : (f.flat() as ArrayLike<number>),
    );
    if (columns.length === 5) return columns;
  } else {
    const array = await data.read();
    if (array.shape.length === 2 && array.shape[1] === 5) {
      const flat = array.flat() as ArrayLike<number>;
      return [0, 1, 2, 3, 4].map((k) => Float64Array.from({ length: array.shape[0] }, (_, i) => flat[5 * i + k]));
    }
  }
  throw new ValidationError("a table of apertures has five columns: number, x, y, width, height", {
    got: String(data.shape),
  });
}
