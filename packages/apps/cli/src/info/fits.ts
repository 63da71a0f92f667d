import type { ByteSource } from "@calwebb/bytes";
import { openModel } from "@calwebb/datamodels";
import { FitsFormatError } from "@calwebb/errors";
import { type FitsFile, type Hdu, openFits } from "@calwebb/fits";

/** Keywords of the summary, with what they are. */
const SUMMARY: readonly (readonly [string, readonly string[]])[] = [
  ["telescope", ["TELESCOP"]],
  ["instrument", ["INSTRUME", "DETECTOR", "CHANNEL", "BAND"]],
  ["optics", ["FILTER", "PUPIL", "GRATING", "CORONMSK"]],
  ["exposure", ["EXP_TYPE", "READPATT", "SUBARRAY"]],
  ["integrations", ["NINTS"]],
  ["groups", ["NGROUPS"]],
  ["program", ["PROGRAM", "OBSERVTN", "VISIT", "EXPOSURE"]],
  ["target", ["TARGNAME", "TARGPROP"]],
  ["observed", ["DATE-OBS", "TIME-OBS"]],
  ["reference type", ["REFTYPE"]],
  ["useafter", ["USEAFTER"]],
  ["pedigree", ["PEDIGREE"]],
  ["software", ["CAL_VER"]],
  ["context", ["CRDS_CTX"]],
];

/** What an HDU holds, in one line. */
export function hduLine(hdu: Hdu): string {
  const name = `${hdu.name || "(no name)"}${hdu.version > 1 ? `,${hdu.version}` : ""}`;
  let content = "";
  if (hdu.kind === "primary" || hdu.kind === "image")
    content = hdu.shape.length > 0 ? `${hdu.dtype} [${hdu.shape.join(", ")}]` : "no data";
  else if (hdu.kind === "bintable" || hdu.kind === "table") {
    const columns = hdu.columns.map((c) => c.name);
    const shown =
      columns.length > 8 ? `${columns.slice(0, 8).join(", ")}, ... (${columns.length})` : columns.join(", ");
    content = `${hdu.nrows} rows: ${shown}`;
  } else content = "unknown kind";
  return `  ${String(hdu.index).padStart(2)}  ${name.padEnd(20)} ${hdu.kind.padEnd(9)} ${content}`;
}

function summary(file: FitsFile): string[] {
  const { header } = file.primary;
  const out: string[] = [];
  for (const [label, keywords] of SUMMARY) {
    const values = keywords.map((k) => header.get(k)).filter((v) => v !== undefined && v !== null && v !== "");
    if (values.length > 0) out.push(`  ${`${label}:`.padEnd(17)}${values.join(" ")}`);
  }
  const done = header.cards.filter((c) => /^S_/.test(c.keyword));
  if (done.length > 0)
    out.push(`  ${"steps:".padEnd(17)}${done.map((c) => `${c.keyword}=${String(header.get(c.keyword))}`).join(" ")}`);
  return out;
}

async function verified(file: FitsFile): Promise<string[]> {
  let checked = 0;
  for (const hdu of file.hdus) {
    const { checksum, datasum } = await hdu.verify();
    if (checksum === undefined && datasum === undefined) continue;
    checked++;
    if (checksum === false || datasum === false)
      throw new FitsFormatError(
        `${file.name}: HDU ${hdu.index} (${hdu.name || "no name"}) does not agree with its checksum`,
        {
          file: file.name,
          where: hdu.name,
        },
      );
  }
  return [checked > 0 ? `  checksums of ${checked} HDUs agree` : "  the file has no checksums"];
}

/**
 * Describe a FITS file.
 * @throws {FitsFormatError} when it is broken
 */
export async function describeFits(source: ByteSource, flags: { header: boolean; verify: boolean }): Promise<string> {
  const file = await openFits(source);
  const model = await openModel(file);
  const stated = file.primary.header.getString("DATAMODL");
  const kind = stated ? `${model.modelType}` : `${model.modelType} (by its content; DATAMODL is not set)`;
  const lines = [`FITS, ${file.hdus.length} HDUs, ${kind}`, ...summary(file)];
  for (const hdu of file.hdus) {
    lines.push(hduLine(hdu));
    if (flags.header) for (const card of hdu.header.cards) lines.push(`        ${String(card).trimEnd()}`);
  }
  if (flags.verify) lines.push(...(await verified(file)));
  for (const warning of file.warnings) lines.push(`  note: ${warning}`);
  return lines.join("\n");
}
