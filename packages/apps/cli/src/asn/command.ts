import { UsageError } from "@calwebb/errors";
import { suggest } from "@calwebb/stpipe";
import type { Command, Surroundings } from "../surroundings.js";

const commands: Readonly<Record<string, { readonly help: string; readonly load: () => Promise<Command> }>> = {
  generate: {
    help: "Make the associations of pools (the same as asn_generate)",
    load: async () => (await import("./generate.js")).generateCommand,
  },
  "from-list": {
    help: "Make an association of files (asn_from_list)",
    load: async () => (await import("./from-list.js")).fromListCommand,
  },
  edit: { help: "Add or take out members (asn_edit)", load: async () => (await import("./edit.js")).editCommand },
  gather: {
    help: "Copy an association with its members (asn_gather)",
    load: async () => (await import("./gather.js")).gatherCommand,
  },
  "make-pool": {
    help: "Make a pool from FITS headers (asn_make_pool)",
    load: async () => (await import("./make-pool.js")).makePoolCommand,
  },
  graph: {
    help: "The workflow of associations for Graphviz or Mermaid",
    load: async () => (await import("./graph.js")).graphCommand,
  },
};

/** `calwebb asn COMMAND ...` */
export async function asnCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { program } = surroundings;
  const [given, ...rest] = argv;
  const usage = [
    `usage: ${program} COMMAND ...`,
    "",
    "Associations: which exposures are processed together.",
    "",
    "commands:",
    ...Object.entries(commands).map(([name, { help }]) => `  ${name.padEnd(12)}${help}`),
    "",
  ].join("\n");
  if (given === "-h" || given === "--help" || given === "help") {
    surroundings.out(usage);
    return 0;
  }
  if (given === undefined) {
    surroundings.err(usage);
    return 2;
  }
  const name = given.replaceAll("_", "-");
  if (!Object.hasOwn(commands, name)) {
    const near = suggest(name, Object.keys(commands));
    throw new UsageError(`there is no command "${given}"${near ? `; did you mean ${near}?` : ""}; see ${program} -h`, {
      got: given,
    });
  }
  return (await commands[name].load())(rest, { ...surroundings, program: `${program} ${given}` });
}
