// Reads the facts about models and gives them in the shape that the writers of this folder use.
import { readFileSync } from "node:fs";

const facts = (name) => JSON.parse(readFileSync(new URL(`../facts/${name}.json`, import.meta.url), "utf8"));

/** Nodes of the schema trees; each is { object | list | array | leaf }. */
export function loadFacts() {
  const layout = facts("layout");
  const { models } = facts("models");
  const { records, groups } = facts("keywords");
  const nodes = layout.nodes;
  const { missing, complete } = completion(nodes, records, groups);
  const described = [];
  for (const model of models) {
    if (model.container) continue;
    const known = layout.models[model.name];
    const root = known ? complete(known.node, missing(model, known.node)) : withoutLayout(model, layout, records);
    described.push({ ...model, root, mixins: known?.bases ?? model.bases });
  }
  return { nodes, models: described, records, groups };
}

/** A model that the layout does not know: the core metadata followed by its arrays and tables. */
function withoutLayout(model, layout, records) {
  const { nodes } = layout;
  const parent = layout.models[model.parent] ?? layout.models.JwstDataModel;
  const children = nodes[parent.node].object.filter(([name]) => name === "meta");
  const add = (value) => nodes.push(value) - 1;
  const items = new Map();
  const place = (path, value) => {
    const [head, rest] = path.split("[].");
    if (rest === undefined) children.push([head, add(value)]);
    else items.set(head, [...(items.get(head) ?? []), [rest, add(value)]]);
  };
  for (const { attr, ...rest } of [...model.arrays, ...model.tables]) place(attr, { array: rest });
  for (const r of records)
    if (r.models?.includes(model.name) && !r.path.startsWith("meta."))
      place(r.path, { leaf: { type: r.type, ...(r.keyword ? { keyword: r.keyword, hdu: r.hdu } : {}) } });
  for (const [head, list] of items) children.push([head, add({ list: add({ object: list }) })]);
  return add({ object: children, titled: true });
}

/** The layout may be of an older release than the other facts: what only those know is added to it. */
function completion(nodes, records, groups) {
  const index = new Map();
  const add = (value) => {
    const text = JSON.stringify(value);
    if (!index.has(text)) index.set(text, nodes.push(value) - 1);
    return index.get(text);
  };
  const leaves = function* (id, path = "") {
    const n = nodes[id];
    if ("object" in n) for (const [name, child] of n.object) yield* leaves(child, path ? `${path}.${name}` : name);
    else if ("list" in n) yield* leaves(n.list, `${path}[]`);
    else yield [path, n];
  };
  /** Entries of a model that its layout lacks: path, node, and the name of the sibling that they follow. */
  function missing(model, root) {
    const have = new Map(leaves(root));
    const out = [];
    let previous;
    for (const { attr, ...rest } of [...model.arrays, ...model.tables]) {
      if (!have.has(attr))
        out.push({ path: attr.replaceAll("[]", ".[]"), node: add({ array: rest }), after: previous });
      previous = attr.split(".").pop();
    }
    const carries = (r) =>
      r.models
        ? r.models.includes(model.name) ||
          ["@core", "@reference"].some((g) => r.models.includes(g) && groups[g].includes(model.name))
        : r.core && groups["@core"].includes(model.name) && !r.except?.includes(model.name);
    for (const r of records)
      if (r.keyword && carries(r) && !have.has(r.path)) {
        const { path, keyword, hdu, type, enum: values, blend_table, blend_rule } = r;
        const leaf = {
          type,
          keyword,
          hdu,
          ...(values ? { enum: values } : {}),
          ...(blend_table ? { blend_table } : {}),
          ...(blend_rule ? { blend_rule } : {}),
        };
        out.push({ path: path.replaceAll("[]", ".[]"), node: add({ leaf }) });
      }
    return out;
  }
  /** The tree with the entries put in; equal sub-trees stay shared. */
  function complete(id, entries) {
    if (entries.length === 0) return id;
    const n = nodes[id];
    if ("list" in n)
      return add({
        list: complete(
          n.list,
          entries.map((e) => ({ ...e, path: e.path.replace(/^\[\]\./, "") })),
        ),
      });
    const children = n.object.map(([name, child]) => {
      const inside = entries.filter((e) => e.path.startsWith(`${name}.`));
      return [
        name,
        complete(
          child,
          inside.map((e) => ({ ...e, path: e.path.slice(name.length + 1) })),
        ),
      ];
    });
    for (const e of entries.filter((entry) => !entry.path.includes("."))) {
      const at = children.findIndex(([name]) => name === e.after);
      children.splice(at < 0 ? children.length : at + 1, 0, [e.path, e.node]);
    }
    return add({ ...n, object: children });
  }
  return { missing, complete };
}
