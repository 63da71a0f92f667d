import { extname } from "node:path";
import { addMembers, removeMembers, serialize } from "@calwebb/associations";
import { UsageError } from "@calwebb/errors";
import type { Surroundings } from "../surroundings.js";
import { type AsnOption, asnHelp, parseAsnArgs } from "./args.js";
import { exists, readAssociation, writeText } from "./files.js";

const OPTIONS: readonly AsnOption[] = [
  { name: "add", short: "a", help: "Add the files to every product" },
  { name: "remove", short: "r", help: "Take the files out of every product" },
  { name: "type", short: "t", value: "TYPE", help: "Type of added members (default: science)" },
  { name: "ignore", short: "i", help: "Take out members whatever their suffix: x_cal.fits takes out x_rate.fits" },
  { name: "output", short: "o", value: "FILE", help: "File to write (default: the association itself)" },
];

const ABOUT = "Add files to an association, or take files out of it. Added files have to exist.";

/** `asn_edit --add|--remove ASN FILE...` */
export async function editCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { program } = surroundings;
  const args = parseAsnArgs(argv, OPTIONS);
  if (args.flag("help")) {
    surroundings.out(asnHelp(`${program} --add|--remove ASN FILE...`, ABOUT, OPTIONS));
    return 0;
  }
  const [file, ...files] = args.positional;
  if (args.flag("add") === args.flag("remove")) throw new UsageError("give one of --add and --remove");
  if (file === undefined || files.length === 0) throw new UsageError(`${program} --add|--remove ASN FILE...`);
  const output = args.value("output") ?? file;
  const format = /\.ya?ml$/.test(output) ? "yaml" : "json";
  if (![".json", ".yaml", ".yml"].includes(extname(output)))
    throw new UsageError(`${output}: associations are written as .json or .yaml`, { got: output });
  const asn = readAssociation(surroundings, file);
  if (args.flag("add")) {
    const absent = files.filter((f) => !exists(surroundings, f));
    if (absent.length > 0) throw new UsageError(`there is no file ${absent.join(", ")}; nothing was changed`);
    writeText(surroundings, output, serialize(addMembers(asn, files, args.value("type") ?? "science"), format));
    return 0;
  }
  const { asn: changed, missing } = removeMembers(asn, files, args.flag("ignore"));
  if (missing.length === files.length) {
    surroundings.err(`${program}: no member is named ${missing.join(", ")}; nothing was changed\n`);
    return 1;
  }
  writeText(surroundings, output, serialize(changed, format));
  if (missing.length > 0) surroundings.err(`${program}: warning: no member is named ${missing.join(", ")}\n`);
  return 0;
}
