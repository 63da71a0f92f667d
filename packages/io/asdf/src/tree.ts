/**
 * How a tree looks in memory: mappings are plain objects (a `Map` when a key is no string), sequences are arrays, scalars are
 * strings, numbers, bigints, booleans and null. A node with a tag that this package does not know is a {@link Tagged}.
 */
export type AsdfMapping = Record<string, unknown>;

/** A node with an explicit tag; the tag survives a round trip, whether or not anything here knows what it means. */
export class Tagged<T = unknown> {
  /** The whole tag: `tag:stsci.edu:asdf/transform/shift-1.4.0`. */
  tag: string;
  /** The node without its tag: a mapping, an array, or the text of a scalar. */
  value: T;

  constructor(tag: string, value: T) {
    this.tag = tag;
    this.value = value;
  }
}

/** A complex number, `!core/complex`. */
export class AsdfComplex {
  readonly re: number;
  readonly im: number;

  constructor(re: number, im: number) {
    this.re = re;
    this.im = im;
  }
}

/** A YAML timestamp, kept as written: a date, or a date and time with an optional fraction and zone. */
export class Timestamp {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The moment; a text without a zone counts as UTC. */
  get date(): Date {
    const m =
      /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt\s]+(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?\s*(Z|([-+])(\d\d?)(?::(\d\d))?)?)?$/.exec(
        this.text,
      );
    if (!m) return new Date(Number.NaN);
    const ms = m[7] ? Math.floor(Number(`0.${m[7]}`) * 1000) : 0;
    let t = Date.UTC(+m[1], +m[2] - 1, +m[3], +(m[4] ?? 0), +(m[5] ?? 0), +(m[6] ?? 0), ms);
    if (m[9]) t -= (m[9] === "-" ? -1 : 1) * (Number(m[10]) * 60 + Number(m[11] ?? 0)) * 60_000;
    return new Date(t);
  }

  toString(): string {
    return this.text;
  }
}

// JavaScript has one number type where YAML and Python have two. Which members of a container were floats is remembered beside the
// container, so that readers see plain numbers and a whole-valued float is still written as a float.
const floats = new WeakMap<object, Set<unknown> | true>();

/**
 * Say that members of a mapping, array or {@link Tagged} are floats, so that whole numbers among them are written `1.0`.
 * @param keys - property names or indexes (`"value"` for a Tagged scalar); none means every number in the container
 */
export function markFloat<T extends object>(container: T, ...keys: unknown[]): T {
  const known = floats.get(container);
  if (keys.length === 0) floats.set(container, true);
  else if (known === undefined) floats.set(container, new Set(keys));
  else if (known !== true) for (const key of keys) known.add(key);
  return container;
}

/** Whether a member was read as, or marked as, a float. */
export function isFloat(container: object, key: unknown): boolean {
  const known = floats.get(container);
  return known !== undefined && (known === true || known.has(key));
}

/** Forget the float marks of a container, or of one member. */
export function unmarkFloat(container: object, key?: unknown): void {
  const known = floats.get(container);
  if (key === undefined) floats.delete(container);
  else if (known instanceof Set) known.delete(key);
}

const tags = new WeakMap<object, string>();

/** Tag of a plain mapping or array of a known type (`core/asdf`, `core/software`, ...), or of a {@link Tagged}. */
export function tagOf(node: unknown): string | undefined {
  if (typeof node !== "object" || node === null) return undefined;
  return node instanceof Tagged ? node.tag : tags.get(node);
}

/** Remember the tag of a plain mapping or array; it is written with it. Returns the node. */
export function setTag<T extends object>(node: T, tag: string): T {
  if (node instanceof Tagged) node.tag = tag;
  else tags.set(node, tag);
  return node;
}

/** Part of a tag after `tag:stsci.edu:asdf/` and before the version: `core/ndarray`; the whole tag when it is not of that form. */
export function tagName(tag: string): string {
  return tag.replace(/^tag:(?:stsci\.edu|astropy\.org):(?:asdf|astropy)\//, "").replace(/-\d+\.\d+\.\d+$/, "");
}

/** Whether a value is a mapping of the tree: a plain object, neither an array nor an instance of a class. */
export function isMapping(value: unknown): value is AsdfMapping {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const proto = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}

/** Set a member also under the names that assignment treats specially. */
export function setOwn(target: AsdfMapping, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/**
 * A deep copy of a tree: shared nodes stay shared, tags and float marks are kept. Instances of classes other than
 * {@link Tagged} (arrays of pixels, timestamps) are shared with the original unless `leaf` copies them.
 */
export function cloneTree<T>(tree: T, leaf: (value: object) => object = (value) => value): T {
  const done = new Map<object, object>();
  const copy = (node: unknown): unknown => {
    if (typeof node !== "object" || node === null) return node;
    const known = done.get(node);
    if (known) return known;
    let out: object;
    if (Array.isArray(node)) {
      const list: unknown[] = new Array(node.length);
      done.set(node, (out = list));
      for (let i = 0; i < node.length; i++) list[i] = copy(node[i]);
    } else if (node instanceof Tagged) {
      const tagged = new Tagged(node.tag, undefined as unknown);
      done.set(node, (out = tagged));
      tagged.value = copy(node.value);
    } else if (node instanceof Map) {
      const map = new Map();
      done.set(node, (out = map));
      for (const [k, v] of node) map.set(copy(k), copy(v));
    } else if (isMapping(node)) {
      const object: AsdfMapping = {};
      done.set(node, (out = object));
      for (const k of Object.keys(node)) setOwn(object, k, copy(node[k]));
    } else {
      out = leaf(node);
      done.set(node, out);
      return out;
    }
    const marked = floats.get(node);
    if (marked) floats.set(out, marked === true ? true : new Set(marked));
    const tag = tags.get(node);
    if (tag) tags.set(out, tag);
    return out;
  };
  return copy(tree) as T;
}
