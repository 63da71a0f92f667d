import { resolve } from "node:path";
import { type ExposureHeader, makePool, writePool } from "@calwebb/associations";
import { fileSource } from "@calwebb/bytes/node";
import { describeError, UsageError } from "@calwebb/errors";
import { openFits } from "@calwebb/fits";
import type { Surroundings } from "../surroundings.js";
import { type AsnOption, asnHelp, parseAsnArgs } from "./args.js";
import { progressBar } from "./bar.js";
import { writeText } from "./files.js";

const OPTIONS: readonly AsnOption[] = [
  { name: "asn-candidate", value: "LIST", help: `Further candidates of all exposures: "[('c1000', 'group')]"` },
  { name: "dms-note", value: "TEXT", help: "Value of the column dms_note" },
  { name: "is-imprt", value: "t|f", help: "Whether the exposures are imprints (default: f)" },
  { name: "pntgtype", value: "TYPE", help: "Pointing type (default: science)" },
  { name: "verbose", short: "v", help: "Name each file" },
];

const ABOUT =
  "Make a pool from the primary headers of FITS files. Files that cannot be read are reported and left out (status 1).";

/** `asn_make_pool POOL FILE...` */
export async function makePoolCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { program, cwd } = surroundings;
  const args = parseAsnArgs(argv, OPTIONS);
  if (args.flag("help")) {
    surroundings.out(asnHelp(`${program} POOL FILE...`, ABOUT, OPTIONS));
    return 0;
  }
  const [output, ...files] = args.positional;
  if (output === undefined || files.length === 0) throw new UsageError(`${program} POOL FILE...`);
  const bar = progressBar(surroundings);
  const headers: ExposureHeader[] = [];
  let failed = 0;
  for (const [i, file] of files.entries()) {
    bar.show({ label: file, done: i, total: files.length });
    try {
      headers.push(await readHeader(resolve(cwd, file), file));
      if (args.flag("verbose")) surroundings.out(`${file}\n`);
    } catch (error) {
      bar.clear();
      surroundings.err(`${program}: error: ${file}: ${describeError(error)}\n`);
      failed++;
    }
  }
  bar.clear();
  if (headers.length === 0) throw new UsageError("none of the files could be read; no pool was written");
  const pool = makePool(headers, {
    ...(args.flag("asn-candidate") ? { asnCandidate: args.value("asn-candidate")! } : {}),
    ...(args.flag("dms-note") ? { dmsNote: args.value("dms-note")! } : {}),
    ...(args.flag("is-imprt") ? { isImprt: args.value("is-imprt")! } : {}),
    ...(args.flag("pntgtype") ? { pntgtype: args.value("pntgtype")! } : {}),
    name: output,
  });
  writeText(surroundings, output, writePool(pool));
  surroundings.out(`${output}: ${pool.length} exposures, ${pool.columns.length} columns\n`);
  return failed > 0 ? 1 : 0;
}

async function readHeader(path: string, file: string): Promise<ExposureHeader> {
  const fits = await openFits(fileSource(path));
  try {
    const { header } = fits.hdus[0];
    const keywords: Record<string, unknown> = {};
    for (const card of header.cards) {
      const value = header.get(card.keyword);
      if (value !== undefined && value !== null && card.keyword !== "") keywords[card.keyword] = value;
    }
    if (!("OBSERVTN" in keywords))
      throw new UsageError("the primary header has no OBSERVTN: it is no exposure of JWST");
    return { file, keywords };
  } finally {
    await fits.close();
  }
}
