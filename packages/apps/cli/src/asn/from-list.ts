import { basename } from "node:path";
import { AssociationRegistry, asnFromList, dump, type ListItem } from "@calwebb/associations";
import { UsageError } from "@calwebb/errors";
import type { Surroundings } from "../surroundings.js";
import { type AsnOption, asnHelp, parseAsnArgs } from "./args.js";
import { checkFormat, writeText } from "./files.js";
import { findRuleModule, importRules, stageRuleModules } from "./rules.js";

const OPTIONS: readonly AsnOption[] = [
  { name: "output-file", short: "o", value: "FILE", help: "File to write" },
  { name: "format", short: "f", value: "NAME", help: "json (default) or yaml" },
  { name: "product-name", value: "NAME", help: "Name of the product; needed in stage 3" },
  { name: "rule", short: "r", value: "RULE", help: "DMS_Level3_Base (default), DMSLevel2bBase, or an Asn_ rule" },
  { name: "level", value: "2|3", help: "The base rule of a stage, instead of --rule" },
  { name: "ruledefs", value: "MODULE", repeat: true, help: "Module with further rules; may be repeated" },
  { name: "id", short: "i", value: "ID", help: "Candidate: o999 (default in stage 2), c1001, a3001" },
  { name: "acid", value: "ID", help: "The same as --id" },
];

const ABOUT = `Make an association of files. In stage 3 all go into one product; in stage 2 each is a product of its own.
A file may carry its type: x_cal.fits,psf. Without one it is science.`;

/** `asn_from_list -o FILE FILE...` */
export async function fromListCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const args = parseAsnArgs(argv, OPTIONS);
  if (args.flag("help")) {
    surroundings.out(asnHelp(`${surroundings.program} -o ASN [--product-name NAME] FILE[,TYPE]...`, ABOUT, OPTIONS));
    return 0;
  }
  const output = args.value("output-file");
  if (!output) throw new UsageError("where to? give the file to write with -o FILE");
  if (args.positional.length === 0) throw new UsageError("which files? name at least one");
  const format = checkFormat(args.value("format") ?? (/\.ya?ml$/.test(output) ? "yaml" : "json"));
  const level = args.value("level");
  if (level !== undefined && level !== "2" && level !== "3")
    throw new UsageError(`--level: got "${level}", wanted 2 or 3`, { got: level });
  if (level !== undefined && args.flag("rule")) throw new UsageError("--level and --rule exclude each other");
  const rule = args.value("rule") ?? (level === "2" ? "DMSLevel2bBase" : "DMS_Level3_Base");
  const modules = args.values("ruledefs").map((name) => findRuleModule(surroundings, name));
  const definitions = await importRules([...stageRuleModules(), ...modules]);
  const items: ListItem[] = args.positional.map((text) => {
    const comma = text.lastIndexOf(",");
    return comma < 0 ? text : [text.slice(0, comma), text.slice(comma + 1)];
  });
  const acid = args.value("id") ?? args.value("acid");
  const association = asnFromList(items, {
    rule,
    registry: new AssociationRegistry({ definitions }),
    ...(args.flag("product-name") ? { productName: args.value("product-name")! } : {}),
    ...(acid === undefined ? {} : { acid }),
  });
  if (association.rule.level === 2 && items.length > 1 && args.flag("product-name"))
    surroundings.err(
      `${surroundings.program}: warning: --product-name names one product; those of several files in stage 2 have the files' names\n`,
    );
  const { text } = dump(association, format);
  writeText(surroundings, output, text);
  surroundings.out(
    `${basename(output)}: ${association.products.length} products, ${association.members.length} members\n`,
  );
  return 0;
}
