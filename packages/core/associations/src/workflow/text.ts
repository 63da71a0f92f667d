import type { WorkflowGraph, WorkflowTask } from "./graph.js";

const COLOURS = { 1: "lightgrey", 2: "lightblue", 3: "palegreen" } as const;

/** What is written between two tasks: the file, or how many there are. */
function labels(graph: WorkflowGraph): Map<string, { from: string; to: string; label: string }> {
  const files = new Map<string, { from: string; to: string; files: string[] }>();
  for (const { from, to, file } of graph.edges) {
    const key = `${from}\n${to}`;
    const entry = files.get(key);
    if (entry === undefined) files.set(key, { from, to, files: [file] });
    else entry.files.push(file);
  }
  return new Map(
    [...files].map(([key, { from, to, files: list }]) => [
      key,
      { from, to, label: list.length === 1 ? list[0] : `${list.length} files` },
    ]),
  );
}

const title = (task: WorkflowTask): string[] => [task.pipeline, task.input];

/** The workflow for Graphviz. */
export function toGraphviz(graph: WorkflowGraph): string {
  const quote = (text: string): string => JSON.stringify(text);
  const lines = ["digraph workflow {", "  rankdir=LR;", "  node [shape=box, style=filled];"];
  for (const task of graph.tasks)
    lines.push(`  ${quote(task.id)} [label=${quote(title(task).join("\n"))}, fillcolor=${COLOURS[task.stage]}];`);
  for (const { from, to, label } of labels(graph).values())
    lines.push(`  ${quote(from)} -> ${quote(to)} [label=${quote(label)}];`);
  return `${lines.join("\n")}\n}\n`;
}

/** The workflow for Mermaid. */
export function toMermaid(graph: WorkflowGraph): string {
  const ids = new Map(graph.tasks.map((task, i) => [task.id, `t${i}`]));
  const quote = (text: string): string => `"${text.replaceAll('"', "#quot;")}"`;
  const lines = ["flowchart LR"];
  for (const task of graph.tasks) lines.push(`  ${ids.get(task.id)}[${quote(title(task).join("<br>"))}]`);
  for (const { from, to, label } of labels(graph).values())
    lines.push(`  ${ids.get(from)} -->|${quote(label)}| ${ids.get(to)}`);
  return `${lines.join("\n")}\n`;
}
