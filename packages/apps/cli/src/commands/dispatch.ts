import { UsageError } from "@calwebb/errors";
import { suggest } from "@calwebb/stpipe";
import { VERSION } from "../generated/version.js";
import type { Command, Surroundings } from "../surroundings.js";

interface CommandInfo {
  readonly help: string;
  readonly load: () => Promise<Command>;
}

/** Commands of `calwebb`; each loads when it is used. */
export const commands: Readonly<Record<string, CommandInfo>> = {
  run: {
    help: "Run a step or pipeline (the same as strun)",
    load: async () => (await import("../strun/command.js")).runCommand,
  },
  list: { help: "List steps and pipelines", load: async () => (await import("./list.js")).listCommand },
  info: { help: "Say what a file is and what is in it", load: async () => (await import("./info.js")).infoCommand },
  look: {
    help: "Write a picture of an image or a cube",
    load: async () => (await import("../look/command.js")).lookCommand,
  },
  config: {
    help: "Print or save the parameters of a step as .cfg or ASDF",
    load: async () => (await import("./config.js")).configCommand,
  },
  spec: {
    help: "Print the configspec of a step (the same as stspec)",
    load: async () => (await import("./spec.js")).specCommand,
  },
  cfgs: {
    help: "Copy the shipped configuration files (the same as collect_pipeline_cfgs)",
    load: async () => (await import("./collect.js")).collectCommand,
  },
  crds: {
    help: "Reference files: bestrefs, prefetch, context, cache",
    load: async () => (await import("./crds.js")).crdsCommand,
  },
  asn: {
    help: "Associations: generate, from-list, edit, gather, make-pool, graph",
    load: async () => (await import("../asn/command.js")).asnCommand,
  },
  completion: {
    help: "Print the completion script of a shell: bash, zsh, fish",
    load: async () => (await import("./completion.js")).completionCommand,
  },
};

function usage(): string {
  const rows = Object.entries(commands).map(([name, { help }]) => `  ${name.padEnd(12)}${help}`);
  return [
    "usage: calwebb COMMAND ...",
    "",
    "Calibrate exposures of JWST.",
    "",
    "commands:",
    ...rows,
    "",
    "calwebb COMMAND -h says more about a command; calwebb --version shows the version.",
    "",
  ].join("\n");
}

/** `calwebb COMMAND ...` */
export async function dispatch(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const [name, ...rest] = argv;
  if (name === "--version") {
    surroundings.out(`${VERSION}\n`);
    return 0;
  }
  if (name === "-h" || name === "--help" || name === "help") {
    surroundings.out(usage());
    return 0;
  }
  if (name === undefined) {
    surroundings.err(usage());
    return 2;
  }
  if (!Object.hasOwn(commands, name)) {
    const near = suggest(name, Object.keys(commands));
    throw new UsageError(`there is no command "${name}"${near ? `; did you mean ${near}?` : ""}; see calwebb -h`, {
      got: name,
    });
  }
  const command = await commands[name].load();
  return command(rest, { ...surroundings, program: `calwebb ${name}` });
}
