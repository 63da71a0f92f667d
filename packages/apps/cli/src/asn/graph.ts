import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type AssociationData, toGraphviz, toMermaid, workflowGraph } from "@calwebb/associations";
import { UsageError } from "@calwebb/errors";
import type { Surroundings } from "../surroundings.js";
import { type AsnOption, asnHelp, parseAsnArgs } from "./args.js";
import { isFolder, readAssociation, writeText } from "./files.js";

const OPTIONS: readonly AsnOption[] = [
  { name: "format", short: "f", value: "NAME", help: "dot (Graphviz, default), mermaid or json" },
  { name: "output", short: "o", value: "FILE", help: "File to write (default: standard output)" },
];

const ABOUT = `The workflow of associations: what has to be processed by which pipeline, and which files it waits for.
Of a folder all *_asn.json files are taken.`;

/** `calwebb asn graph ASN...` */
export async function graphCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const args = parseAsnArgs(argv, OPTIONS);
  if (args.flag("help")) {
    surroundings.out(asnHelp(`${surroundings.program} ASN|FOLDER...`, ABOUT, OPTIONS));
    return 0;
  }
  const format = args.value("format") ?? "dot";
  if (!["dot", "mermaid", "json"].includes(format))
    throw new UsageError(`--format: got "${format}", wanted dot, mermaid or json`, { got: format });
  const files = args.positional.flatMap((path) =>
    isFolder(surroundings, path)
      ? readdirSync(resolve(surroundings.cwd, path))
          .filter((f) => f.endsWith("_asn.json"))
          .sort()
          .map((f) => join(path, f))
      : [path],
  );
  if (files.length === 0) throw new UsageError("which associations? name files or folders");
  const contents = new Map<string, AssociationData>();
  for (const file of files) contents.set(basename(file), readAssociation(surroundings, file));
  const graph = workflowGraph(contents);
  const text =
    format === "json" ? `${JSON.stringify(graph, null, 2)}\n` : format === "dot" ? toGraphviz(graph) : toMermaid(graph);
  const output = args.value("output");
  if (output) writeText(surroundings, output, text);
  else surroundings.out(text);
  return 0;
}
