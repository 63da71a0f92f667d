import type { SchemaNode } from "../schema/decode.js";
import { getMember, type Place, setMember } from "./access.js";
import type { Context } from "./context.js";
import { deletePath, getPath, hasPath, setPath } from "./path.js";
import { hasArrayAt, hasTableAt } from "./present.js";
import { isTreeObject, type TreeObject } from "./types.js";

const PLAIN: unique symbol = Symbol("tree");

/** Functions that every mapping has beside its members. */
const METHODS: Readonly<Record<string, (place: Place) => unknown>> = {
  get: (place) => (path: string) => getPath(place, path),
  set: (place) => (path: string, value: unknown) => setPath(place, path, value),
  has: (place) => (path: string) => hasPath(place.tree, path),
  delete: (place) => (path: string) => deletePath(place.tree, path),
  hasArray: (place) => (name: string) => hasArrayAt(place.tree, name),
  hasTable: (place) => (name: string) => hasTableAt(place.tree, name),
};

const handler: ProxyHandler<TreeObject> = {
  get(target, name) {
    const place = PLACES.get(target)!;
    if (typeof name === "symbol") return name === PLAIN ? place.tree : undefined;
    if (Object.hasOwn(METHODS, name) && !Object.hasOwn(place.tree, name)) return METHODS[name](place);
    return getMember(place, name);
  },
  set(target, name, value) {
    if (typeof name === "symbol") return false;
    setMember(PLACES.get(target)!, name, value);
    return true;
  },
  deleteProperty(target, name) {
    const { tree } = PLACES.get(target)!;
    if (typeof name === "string") delete tree[name];
    return true;
  },
  has(target, name) {
    return typeof name === "string" && Object.hasOwn(PLACES.get(target)!.tree, name);
  },
  ownKeys(target) {
    return Object.keys(PLACES.get(target)!.tree);
  },
  getOwnPropertyDescriptor(target, name) {
    const place = PLACES.get(target)!;
    if (typeof name !== "string" || !Object.hasOwn(place.tree, name)) return undefined;
    return { configurable: true, enumerable: true, writable: true, value: getMember(place, name) };
  },
};

const PLACES = new WeakMap<object, Place>();
const NODES = new WeakMap<TreeObject, { node: object; ctx: Context; path: string }>();

/** The live view of a mapping of the tree; the same view each time. */
export function objectNode(ctx: Context, tree: TreeObject, schema: SchemaNode | undefined, path: string): object {
  const known = NODES.get(tree);
  if (known !== undefined && known.ctx === ctx && known.path === path) return known.node;
  const target = {};
  PLACES.set(target, { ctx, tree, schema, path });
  const node = new Proxy(target, handler);
  NODES.set(tree, { node, ctx, path });
  return node;
}

/** The mapping behind a view; other values as they are. */
export function unwrapObject(value: unknown): unknown {
  if (typeof value !== "object" || value === null || isTreeObject(value) === false) return value;
  return (value as { [PLAIN]?: TreeObject })[PLAIN] ?? value;
}
