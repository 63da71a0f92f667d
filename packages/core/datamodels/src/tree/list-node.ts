import type { ListNode } from "../model.js";
import type { ListSchema } from "../schema/decode.js";
import { assignAll } from "./access.js";
import type { Context } from "./context.js";
import { objectNode, unwrapObject } from "./object-node.js";
import { isTreeObject, type TreeObject } from "./types.js";

const PLAIN_LIST: unique symbol = Symbol("list");

class LiveList<T> implements Iterable<T> {
  readonly list: TreeObject[];
  private readonly ctx: Context;
  private readonly schema: ListSchema | undefined;
  private readonly path: string;

  constructor(ctx: Context, list: TreeObject[], schema: ListSchema | undefined, path: string) {
    this.ctx = ctx;
    this.list = list;
    this.schema = schema;
    this.path = path;
  }

  get length(): number {
    return this.list.length;
  }

  at(index: number): T | undefined {
    const i = index < 0 ? this.list.length + index : index;
    const item = this.list[i];
    if (item === undefined) return undefined;
    return (isTreeObject(item) ? objectNode(this.ctx, item, this.schema?.item, `${this.path}.${i}`) : item) as T;
  }

  insert(index: number, item: object = {}): T {
    const tree: TreeObject = {};
    // A model says itself what an item takes over from it.
    const members = "takeAsItem" in item ? (item.takeAsItem as () => TreeObject)() : (unwrapObject(item) as TreeObject);
    assignAll({ ctx: this.ctx, tree, schema: this.schema?.item, path: `${this.path}.${index}` }, members);
    this.list.splice(index, 0, tree);
    return this.at(index) as T;
  }

  append(item?: object): T {
    return this.insert(this.list.length, item);
  }

  remove(index: number): void {
    this.list.splice(index, 1);
  }

  clear(): void {
    this.list.length = 0;
  }

  map<R>(fn: (item: T, index: number) => R): R[] {
    const out: R[] = [];
    for (let i = 0; i < this.list.length; i++) out.push(fn(this.at(i) as T, i));
    return out;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let i = 0; i < this.list.length; i++) yield this.at(i) as T;
  }
}

const isIndex = (name: string | symbol): name is string => typeof name === "string" && /^\d+$/.test(name);

const handler: ProxyHandler<LiveList<unknown>> = {
  get(target, name) {
    if (name === PLAIN_LIST) return target.list;
    if (isIndex(name)) return target.at(Number(name));
    const value = Reflect.get(target, name);
    return typeof value === "function" ? value.bind(target) : value;
  },
  has(target, name) {
    return isIndex(name) ? Number(name) < target.length : Reflect.has(target, name);
  },
};

/** The live view of a list of mappings. */
export function listNode(
  ctx: Context,
  list: TreeObject[],
  schema: ListSchema | undefined,
  path: string,
): ListNode<unknown> {
  return new Proxy(new LiveList(ctx, list, schema, path), handler) as unknown as ListNode<unknown>;
}

/** The plain list behind a view; other values as they are. */
export function unwrapList(value: unknown): unknown {
  if (value instanceof LiveList) return (value as unknown as { [PLAIN_LIST]: TreeObject[] })[PLAIN_LIST];
  return value;
}
