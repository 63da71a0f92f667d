import { isTreeObject, type TreeObject } from "./types.js";

/** All set values of a tree with their dotted paths; cells are given as they are. */
export function* flatItems(tree: TreeObject, prefix = ""): IterableIterator<[string, unknown]> {
  for (const name of Object.keys(tree)) yield* flatValue(tree[name], prefix === "" ? name : `${prefix}.${name}`);
}

function* flatValue(value: unknown, path: string): IterableIterator<[string, unknown]> {
  if (value === undefined || value === null) return;
  if (isTreeObject(value)) yield* flatItems(value, path);
  else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) yield* flatValue(value[i], `${path}.${i}`);
  } else yield [path, value];
}
