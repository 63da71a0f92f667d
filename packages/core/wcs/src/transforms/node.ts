import { AsdfArray, numberOf, quantityOf, Tagged } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";

/** Members of a node. */
export type Members = Readonly<Record<string, unknown>>;

/** Numbers of a node with their shape. */
export interface Numbers {
  data: Float64Array;
  shape: readonly number[];
}

/** The members of a tagged mapping. */
export function membersOf(node: Tagged): Members {
  const { value } = node;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Members;
  throw new ValidationError(`a node ${node.tag} without members`, { got: typeof value, wanted: "a mapping" });
}

/** A number: plain, a quantity (its unit is dropped), or an array of one element. */
export function numberAt(members: Members, name: string, fallback?: number): number {
  const value = members[name];
  if ((value === undefined || value === null) && fallback !== undefined) return fallback;
  const number = numberOf(value);
  if (number !== undefined) return number;
  const list = value === undefined || value === null ? undefined : numbersOf(value);
  if (list?.data.length === 1) return list.data[0];
  throw new ValidationError(`the node has no number ${name}`, { where: name, got: String(value) });
}

/** An array of numbers: an ndarray, nested lists, or a quantity of either. */
export function numbersOf(value: unknown): Numbers | undefined {
  if (value instanceof AsdfArray) {
    const array = value.readSync();
    const data = new Float64Array(array.data.length === value.size ? value.size : flatten(array).length);
    data.set(flatten(array));
    return { data, shape: value.shape };
  }
  if (Array.isArray(value)) {
    const shape: number[] = [];
    for (let level: unknown = value; Array.isArray(level); level = level[0]) shape.push(level.length);
    const flat = value.flat(Number.POSITIVE_INFINITY).map((v) => numberOf(v) ?? Number.NaN);
    return { data: Float64Array.from(flat), shape };
  }
  if (isArray(value)) return { data: Float64Array.from(flatten(value)), shape: value.shape };
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const data = Float64Array.from(value as unknown as ArrayLike<number>);
    return { data, shape: [data.length] };
  }
  const quantity = value instanceof Tagged ? quantityOf(value) : undefined;
  if (quantity) return typeof quantity.value === "number" ? one(quantity.value) : numbersOf(quantity.value);
  const number = numberOf(value);
  return number === undefined ? undefined : one(number);
}

const one = (value: number): Numbers => ({ data: Float64Array.of(value), shape: [] });

/** Numbers of a member that must be there. */
export function numbersAt(members: Members, name: string): Numbers {
  const found = numbersOf(members[name]);
  if (found) return found;
  throw new ValidationError(`the node has no numbers ${name}`, { where: name });
}

interface ArrayLikeNd {
  shape: readonly number[];
  stride: readonly number[];
  offset: number;
  data: ArrayLike<number | bigint>;
}

function isArray(value: unknown): value is ArrayLikeNd {
  return typeof value === "object" && value !== null && "stride" in value && "data" in value && "shape" in value;
}

/** Elements in row-major order. */
function flatten(array: ArrayLikeNd): number[] {
  const out: number[] = [];
  const walk = (axis: number, offset: number): void => {
    if (axis === array.shape.length) out.push(Number(array.data[offset]));
    else for (let i = 0; i < array.shape[axis]; i++) walk(axis + 1, offset + i * array.stride[axis]);
  };
  walk(0, array.offset);
  return out;
}

/** Read the arrays inside a node that come from a source without synchronous reading; afterwards transforms can be made of it. */
export async function loadArrays(node: unknown): Promise<unknown> {
  const done = new Map<object, unknown>();
  const load = async (value: unknown): Promise<unknown> => {
    if (typeof value !== "object" || value === null) return value;
    if (done.has(value)) return done.get(value);
    if (value instanceof AsdfArray) {
      const array = await value.read();
      const loaded = AsdfArray.of(array);
      done.set(value, loaded);
      return loaded;
    }
    if (Array.isArray(value)) {
      const list: unknown[] = [];
      done.set(value, list);
      for (const item of value) list.push(await load(item));
      return list;
    }
    if (value instanceof Tagged) {
      const tagged = new Tagged<unknown>(value.tag, undefined);
      done.set(value, tagged);
      tagged.value = await load(value.value);
      return tagged;
    }
    if (Object.getPrototypeOf(value) !== Object.prototype) return value;
    const out: Record<string, unknown> = {};
    done.set(value, out);
    for (const [key, item] of Object.entries(value)) out[key] = await load(item);
    return out;
  };
  return load(node);
}
