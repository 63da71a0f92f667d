import { isCell, isTreeObject, type TreeObject } from "./types.js";

/**
 * Read the cells of a tree in place, one after the other.
 * @param names - dotted paths of arrays, tables or branches (`"data"`, `"slits"`, `"slits.3.data"`); all when empty
 */
export async function loadCells(tree: TreeObject, names: readonly string[], prefix = ""): Promise<void> {
  for (const name of Object.keys(tree)) {
    const path = prefix + name;
    const wanted = names.length === 0 || names.some((n) => n === path || path.startsWith(`${n}.`));
    const onTheWay = wanted || names.some((n) => n.startsWith(`${path}.`));
    if (!onTheWay) continue;
    const value = tree[name];
    if (isCell(value)) {
      if (wanted) tree[name] = await value.load();
    } else if (isTreeObject(value)) await loadCells(value, wanted ? [] : names, `${path}.`);
    else if (Array.isArray(value))
      for (let i = 0; i < value.length; i++)
        if (isTreeObject(value[i])) {
          const item = `${path}.${i}`;
          const all = wanted || names.includes(item);
          if (all || names.some((n) => n.startsWith(`${item}.`)))
            await loadCells(value[i], all ? [] : names, `${item}.`);
        }
  }
}
