import { copyFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { selectMembers, serialize, updatePath } from "@calwebb/associations";
import { Cancelled, IoError, UsageError } from "@calwebb/errors";
import type { Surroundings } from "../surroundings.js";
import { type AsnOption, asnHelp, parseAsnArgs } from "./args.js";
import { progressBar } from "./bar.js";
import { exists, makeFolder, readAssociation, writeText } from "./files.js";

const OPTIONS: readonly AsnOption[] = [
  { name: "source", short: "s", value: "FOLDER", help: "Where the members are (default: beside the association)" },
  { name: "exp-types", short: "t", value: "TYPE", repeat: true, help: "Only members of this type; may be repeated" },
  { name: "exclude-types", short: "x", value: "TYPE", repeat: true, help: "No members of this type; may be repeated" },
  { name: "verbose", short: "v", help: "Name each file" },
];

const ABOUT = `Copy an association and its members to a folder. The copy names them without folders.
When a member is missing, nothing is copied.`;

/** `asn_gather ASN FOLDER` */
export async function gatherCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { program, cwd } = surroundings;
  const args = parseAsnArgs(argv, OPTIONS);
  if (args.flag("help")) {
    surroundings.out(asnHelp(`${program} ASN FOLDER`, ABOUT, OPTIONS));
    return 0;
  }
  const [file, folder = ".", ...rest] = args.positional;
  if (file === undefined || rest.length > 0) throw new UsageError(`${program} ASN FOLDER`);
  const source = args.value("source") ?? dirname(file);
  const asn = selectMembers(readAssociation(surroundings, file), {
    ...(args.flag("exp-types") ? { types: args.values("exp-types") } : {}),
    exclude: args.values("exclude-types"),
  });
  const members = [...new Set(asn.products.flatMap((p) => p.members.map((m) => m.expname)))];
  const from = (name: string): string => (isAbsolute(name) ? name : join(source, name));
  const missing = members.filter((name) => !exists(surroundings, from(name)));
  if (missing.length > 0)
    throw new IoError(`${missing.length} members are not in ${source}: ${missing.slice(0, 5).join(", ")}`, { file });
  makeFolder(surroundings, folder);
  const bar = progressBar(surroundings);
  for (const [i, name] of members.entries()) {
    if (surroundings.signal.aborted) throw new Cancelled();
    bar.show({ label: basename(name), done: i, total: members.length });
    const path = resolve(cwd, from(name));
    const target = resolve(cwd, folder, basename(name));
    if (path !== target) await copyFile(path, target);
    if (args.flag("verbose")) surroundings.out(`${target}\n`);
  }
  bar.clear();
  const target = join(folder, basename(file));
  writeText(surroundings, target, serialize(updatePath(asn, ""), /\.ya?ml$/.test(file) ? "yaml" : "json"));
  surroundings.out(`${target}: ${members.length} members\n`);
  return 0;
}
