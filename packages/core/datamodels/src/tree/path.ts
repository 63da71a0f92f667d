import { ValidationError } from "@calwebb/errors";
import { getMember, type Place, setMember } from "./access.js";
import { isTreeObject, own, type TreeObject } from "./types.js";

const isIndex = (part: string): boolean => /^\d+$/.test(part);

function step(from: unknown, part: string): unknown {
  if (from === undefined || from === null) return undefined;
  if (Array.isArray(from)) return isIndex(part) ? from[Number(part)] : undefined;
  if (typeof from !== "object") return undefined;
  return (from as Record<string, unknown>)[part];
}

/** Value at a dotted path, as property access would give it. */
export function getPath(place: Place, path: string): unknown {
  const parts = path.split(".");
  let value = getMember(place, parts[0]);
  for (let i = 1; i < parts.length; i++) value = step(value, parts[i]);
  return value;
}

/** Assign at a dotted path. @throws {ValidationError} when a part of the path is not a mapping or list */
export function setPath(place: Place, path: string, value: unknown): void {
  const parts = path.split(".");
  const last = parts.pop()!;
  if (parts.length === 0) {
    setMember(place, last, value);
    return;
  }
  let node = getMember(place, parts[0]);
  if (node === undefined) {
    setMember(place, parts[0], {});
    node = getMember(place, parts[0]);
  }
  for (let i = 1; i < parts.length; i++) {
    let next = step(node, parts[i]);
    if (next === undefined && typeof node === "object" && node !== null && !Array.isArray(node)) {
      (node as Record<string, unknown>)[parts[i]] = {};
      next = step(node, parts[i]);
    }
    node = next;
  }
  if (typeof node !== "object" || node === null)
    throw new ValidationError(`cannot set ${path}: ${parts.join(".")} is not a branch`, { where: path });
  (node as Record<string, unknown>)[last] = value;
}

/** The stored value at a dotted path of a tree, nothing read or made. */
export function storedAt(tree: TreeObject, path: string): unknown {
  let value: unknown = tree;
  for (const part of path.split(".")) {
    if (Array.isArray(value)) value = value[Number(part)];
    else if (isTreeObject(value)) value = own(value, part);
    else return undefined;
  }
  return value;
}

export function hasPath(tree: TreeObject, path: string): boolean {
  const value = storedAt(tree, path);
  return value !== undefined && value !== null;
}

export function deletePath(tree: TreeObject, path: string): boolean {
  const parts = path.split(".");
  const last = parts.pop()!;
  const parent = parts.length === 0 ? tree : storedAt(tree, parts.join("."));
  if (Array.isArray(parent)) return parent.splice(Number(last), 1).length > 0;
  if (!isTreeObject(parent) || !Object.hasOwn(parent, last)) return false;
  delete parent[last];
  return true;
}
