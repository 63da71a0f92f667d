import { BRANCHES } from "../generated/branches.js";
import { judge, leafProblem } from "../schema/check.js";
import type { SchemaNode } from "../schema/decode.js";
import { castArray } from "./cast.js";
import { castTable } from "./cast-table.js";
import type { Context } from "./context.js";
import { defaultArray, defaultShape } from "./defaults.js";
import { listNode, unwrapList } from "./list-node.js";
import { objectNode, unwrapObject } from "./object-node.js";
import { isCell, isTreeObject, own, type TreeObject } from "./types.js";

let branches: Set<string> | undefined;

/** Whether a path is a metadata branch of any model: such branches can be walked everywhere. */
export function isBranch(path: string): boolean {
  branches ??= new Set(BRANCHES.split(" "));
  return branches.has(path);
}

/** A place in a tree: the mapping, its schema (undefined outside the schema) and its dotted path. */
export interface Place {
  readonly ctx: Context;
  readonly tree: TreeObject;
  readonly schema: SchemaNode | undefined;
  readonly path: string;
}

export function childSchema(place: Place, name: string): SchemaNode | undefined {
  return place.schema?.kind === "object" ? place.schema.child(name) : undefined;
}

/** Read a member: nodes for mappings and lists, arrays read or made when needed, undefined when not set. */
export function getMember(place: Place, name: string): unknown {
  const { ctx, tree } = place;
  const schema = childSchema(place, name);
  const path = place.path === "" ? name : `${place.path}.${name}`;
  let value = own(tree, name);
  if (isCell(value)) {
    value = value.loadSync();
    tree[name] = value;
  }
  if (value === undefined || value === null) {
    if (schema === undefined) {
      if (!isBranch(path)) return undefined;
      value = tree[name] = {};
    } else if (schema.kind === "object") value = tree[name] = {};
    else if (schema.kind === "list") value = tree[name] = [];
    else if (schema.kind === "array" && schema.default !== undefined) {
      const special = place.path === "" ? ctx.defaultShape?.(name) : undefined;
      const made = defaultArray(schema, special ?? defaultShape(name, schema, shapeFor(place)));
      tree[name] = made;
      return made;
    } else return undefined;
  }
  if (isTreeObject(value)) return objectNode(ctx, value, schema, path);
  if (Array.isArray(value) && (schema?.kind === "list" || value.some(isTreeObject)))
    return listNode(ctx, value as TreeObject[], schema?.kind === "list" ? schema : undefined, path);
  return value;
}

/** Shape that the arrays of a mapping follow: its own `data`, else the model's primary array. */
function shapeFor(place: Place): readonly number[] | undefined {
  const data = own(place.tree, "data") as { shape?: readonly number[] } | undefined;
  if (place.path !== "" && data?.shape !== undefined) return data.shape;
  return place.path === "" ? place.ctx.shape() : undefined;
}

/** Assign a member; undefined and null remove it. Whether it was set. */
export function setMember(place: Place, name: string, value: unknown): boolean {
  const { tree, ctx } = place;
  if (value === undefined || value === null) {
    delete tree[name];
    return true;
  }
  const schema = childSchema(place, name);
  const path = place.path === "" ? name : `${place.path}.${name}`;
  const plain = unwrapList(unwrapObject(value));
  if (schema === undefined) {
    tree[name] = plain;
    return true;
  }
  const checking = ctx.policy.validateOnAssignment !== false;
  switch (schema.kind) {
    case "array":
      tree[name] = isCell(plain) ? plain : castArray(path, plain, schema);
      return true;
    case "table":
      tree[name] = isCell(plain) ? plain : castTable(path, plain, schema);
      return true;
    case "leaf":
      if (checking && !judge(leafProblem(path, plain, schema), ctx.policy)) return false;
      tree[name] = plain;
      return true;
    case "object": {
      if (!isTreeObject(plain)) {
        if (!judge(`${path}: wanted a mapping, got ${typeof plain}`, ctx.policy)) return false;
        tree[name] = plain;
        return true;
      }
      const target: TreeObject = {};
      assignAll({ ctx, tree: target, schema, path }, plain);
      tree[name] = target;
      return true;
    }
    case "list": {
      if (!Array.isArray(plain)) {
        judge(`${path}: wanted a list, got ${typeof plain}`, ctx.policy);
        return false;
      }
      tree[name] = plain.map((item, i) => {
        const target: TreeObject = {};
        assignAll({ ctx, tree: target, schema: schema.item, path: `${path}.${i}` }, item as TreeObject);
        return target;
      });
      return true;
    }
  }
}

/** Assign every member of a mapping. */
export function assignAll(place: Place, values: TreeObject): void {
  for (const name of Object.keys(values)) setMember(place, name, values[name]);
}
