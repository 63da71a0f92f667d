import { isCell, isTreeObject, type TreeObject } from "./types.js";

/**
 * Read the cells of a tree in place: those of the tree itself side by side, those of what is in it one after the other.
 * @param names - dotted paths of arrays, tables or branches (`"data"`, `"slits"`, `"slits.3.data"`); all when empty
 */
export async function loadCells(tree: TreeObject, names: readonly string[], prefix = ""): Promise<void> {
  const reading: Promise<unknown>[] = [];
  const later: { tree: TreeObject; names: readonly string[]; prefix: string }[] = [];
  for (const name of Object.keys(tree)) {
    const path = prefix + name;
    const wanted = names.length === 0 || names.some((n) => n === path || path.startsWith(`${n}.`));
    const onTheWay = wanted || names.some((n) => n.startsWith(`${path}.`));
    if (!onTheWay) continue;
    const value = tree[name];
    if (isCell(value)) {
      if (!wanted) continue;
      const load = value.load().then((loaded) => {
        tree[name] = loaded;
      });
      // There may be many lists of arrays; each array that is being read takes memory.
      if (prefix === "") reading.push(load);
      else await load;
    } else if (isTreeObject(value)) later.push({ tree: value, names: wanted ? [] : names, prefix: `${path}.` });
    else if (Array.isArray(value))
      for (let i = 0; i < value.length; i++)
        if (isTreeObject(value[i])) {
          const item = `${path}.${i}`;
          const all = wanted || names.includes(item);
          if (all || names.some((n) => n.startsWith(`${item}.`)))
            later.push({ tree: value[i], names: all ? [] : names, prefix: `${item}.` });
        }
  }
  // Waited for first: a failure while something else is awaited would have nobody to tell.
  await Promise.all(reading);
  for (const branch of later) await loadCells(branch.tree, branch.names, branch.prefix);
}
