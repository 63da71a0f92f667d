import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "@calwebb/errors";
import { PROGRAMS, programPool } from "../programs/index.js";

const HELP = `usage: calwebb-simulate program NAME... | --all [--out=FOLDER]

Writes the association pool of observing programs: a table with one exposure of one detector a line, for asn_generate.
One program goes to the standard output unless a folder is given; in a folder the files are NAME.csv.

programs: ${Object.keys(PROGRAMS).join(", ")}

  --all          all programs
  --out=FOLDER   folder to write to
  -h, --help     this text
`;

/** `calwebb-simulate program ...` */
export function programCommand(argv: string[]): void {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      all: { type: "boolean", default: false },
      out: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (values.all && positionals.length > 0) throw new UsageError("--all and names of programs exclude each other");
  const names = values.all ? Object.keys(PROGRAMS) : positionals;
  if (names.length === 0) throw new UsageError("which program? see calwebb-simulate program --help");
  if (values.out === undefined && names.length > 1)
    throw new UsageError("several programs need a folder: --out=FOLDER");
  const pools = names.map((name) => [name, programPool(name)] as const);
  if (values.out === undefined) {
    process.stdout.write(pools[0][1]);
    return;
  }
  mkdirSync(values.out, { recursive: true });
  for (const [name, text] of pools) writeFileSync(join(values.out, `${name}.csv`), text);
  process.stdout.write(`${pools.length} pools in ${values.out}\n`);
}
