import { resolve } from "node:path";
import { fileSource } from "@calwebb/bytes/node";
import { UsageError } from "@calwebb/errors";
import { parseArgs } from "../strun/args.js";
import type { Surroundings } from "../surroundings.js";

const options = [
  { name: "help", short: "h", help: "Show this help" },
  { name: "header", help: "Show all keywords of every HDU" },
  { name: "verify", help: "Compare the data with its checksums" },
];

const HELP = `usage: calwebb info FILE... [--header] [--verify]

Say what a file is and what is in it: FITS (also gzip), ASDF, association, configuration.
--header shows all keywords, --verify compares the data with its checksums. Exit status 1 when a file is broken.
`;

/** Text at the start of a file decides what it is. */
async function describe(path: string, flags: { header: boolean; verify: boolean }): Promise<string> {
  const source = fileSource(path);
  try {
    const start = new TextDecoder("latin1").decode(await source.read(0, Math.min(source.size, 64)));
    if (start.startsWith("#ASDF")) return await (await import("../info/asdf.js")).describeAsdf(source, flags.verify);
    if (start.startsWith("SIMPLE")) return await (await import("../info/fits.js")).describeFits(source, flags);
    const { describeText } = await import("../info/text.js");
    return await describeText(source);
  } finally {
    await source.close();
  }
}

/** `calwebb info FILE...` */
export async function infoCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const args = parseArgs(argv, options);
  if (args.options["help"]) {
    surroundings.out(HELP);
    return 0;
  }
  if (args.target === undefined) throw new UsageError("which file? calwebb info FILE");
  if (args.parameters.length > 0) throw new UsageError(`calwebb info has no option --${args.parameters[0][0]}`);
  const flags = { header: args.options["header"] === true, verify: args.options["verify"] === true };
  for (const [i, file] of [args.target, ...args.inputs].entries()) {
    const text = await describe(resolve(surroundings.cwd, file), flags);
    surroundings.out(`${i > 0 ? "\n" : ""}${file}: ${text}\n`);
  }
  return 0;
}
