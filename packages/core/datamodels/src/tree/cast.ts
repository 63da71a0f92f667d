import { allocate, type DType, NdArray, type TypedArray } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import type { ArraySchema } from "../schema/decode.js";
import { isNdArray } from "./types.js";

const DTYPES: ReadonlySet<string> = new Set([
  "bool8",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "float32",
  "float64",
]);

/** The element type that a schema's datatype is held in. */
export function dtypeOfSchema(datatype: string): DType {
  return DTYPES.has(datatype) ? (datatype as DType) : "float64";
}

const isBig = (data: TypedArray): data is BigInt64Array | BigUint64Array =>
  data instanceof BigInt64Array || data instanceof BigUint64Array;

/** The elements in another type: one new array, filled without a second copy. */
export function convert(data: TypedArray, dtype: DType): TypedArray {
  const out = allocate(dtype, data.length) as TypedArray;
  if (isBig(out)) {
    if (isBig(data)) out.set(data as never);
    else for (let i = 0; i < data.length; i++) out[i] = BigInt(Math.trunc(data[i] as number));
  } else if (isBig(data)) for (let i = 0; i < data.length; i++) out[i] = Number(data[i]);
  else if (dtype === "bool8") for (let i = 0; i < data.length; i++) out[i] = data[i] === 0 ? 0 : 1;
  else out.set(data as never);
  return out;
}

/** Check the number of dimensions against a schema. @throws {ValidationError} */
export function checkDimensions(path: string, shape: readonly number[], schema: ArraySchema, file?: string): void {
  const n = shape.length;
  const wanted =
    schema.ndim !== undefined && n !== schema.ndim
      ? `${schema.ndim}`
      : schema.maxNdim !== undefined && n > schema.maxNdim
        ? `at most ${schema.maxNdim}`
        : undefined;
  if (wanted === undefined) return;
  throw new ValidationError(
    `${file ? `${file}: ` : ""}${path} has ${n} dimensions (shape [${shape.join(", ")}]), wanted ${wanted}`,
    { file, where: path, got: `${n}`, wanted },
  );
}

/**
 * An assigned value as the array that the schema wants: the array itself when its type fits, a converted copy otherwise.
 * @param value - NdArray, typed array (one dimension) or number
 * @throws {ValidationError} when it is no array or has the wrong number of dimensions
 */
export function castArray(path: string, value: unknown, schema: ArraySchema): NdArray {
  let array: NdArray;
  if (isNdArray(value)) array = value;
  else if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const data = value as TypedArray;
    array = new NdArray(data, [data.length]);
  } else throw new ValidationError(`${path}: wanted an array, got ${typeof value}`, { where: path });
  checkDimensions(path, array.shape, schema);
  const wanted = dtypeOfSchema(schema.datatype);
  const dtype = array.data instanceof Uint8Array && wanted === "bool8" ? "bool8" : new NdArray(array.data, []).dtype;
  if (dtype === wanted) return array;
  const flat = new NdArray(array.data, array.shape, array.stride, array.offset).flat();
  return new NdArray(convert(flat, wanted), [...array.shape]);
}
