// Reads the facts about models and gives them in the shape that the writers of this folder use.
import { readFileSync } from "node:fs";

const facts = (name) => JSON.parse(readFileSync(new URL(`../facts/${name}.json`, import.meta.url), "utf8"));

/** Nodes of the schema trees; each is { object | list | array | leaf }. */
export function loadFacts() {
  const layout = facts("layout");
  const { models } = facts("models");
  const { records, groups } = facts("keywords");
  const nodes = layout.nodes;
  const described = [];
  for (const model of models) {
    if (model.container) continue;
    const known = layout.models[model.name];
    const root = known ? known.node : withoutLayout(model, layout, records);
    described.push({ ...model, root, hooks: known?.hooks ?? [], mixins: known?.bases ?? model.bases });
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
