import { createHash } from "node:crypto";
import type { Mode } from "../modes.js";

/** A file of a CRDS cache, path relative to the cache's root. */
export interface CacheFile {
  path: string;
  text: string;
}

const NUMBER = "0001";

/**
 * The mappings of a small CRDS cache with one context that gives, for the mode's instrument and detector, one file per type.
 * @param references - type -> file name; a type given as "N/A" is not applicable
 */
export function crdsMappings(
  mode: Mode,
  references: Readonly<Record<string, string>>,
): { context: string; files: CacheFile[] } {
  const instrument = mode.instrument.toLowerCase();
  const files: CacheFile[] = [];
  const types: Record<string, string> = {};
  for (const [type, file] of Object.entries(references)) {
    if (file === "N/A") {
      types[type.toUpperCase()] = "N/A";
      continue;
    }
    const name = `jwst_${instrument}_${type}_${NUMBER}.rmap`;
    types[type.toUpperCase()] = name;
    files.push(
      mapping(
        name,
        {
          classes: "('Match', 'UseAfter')",
          derived_from: "'simulated'",
          file_ext: `'.${file.split(".").at(-1)}'`,
          filekind: `'${type.toUpperCase()}'`,
          filetype: `'${type.toUpperCase()}'`,
          instrument: `'${mode.instrument}'`,
          mapping: "'REFERENCE'",
          name: `'${name}'`,
          observatory: "'JWST'",
          parkey: "(('META.INSTRUMENT.DETECTOR',), ('META.OBSERVATION.DATE', 'META.OBSERVATION.TIME'))",
          suffix: `'${type}'`,
        },
        `Match({\n    ('${mode.detector}',) : UseAfter({\n        '2020-01-01 00:00:00' : '${file}',\n    }),\n})`,
      ),
    );
  }
  const imap = `jwst_${instrument}_${NUMBER}.imap`;
  files.push(
    mapping(
      imap,
      {
        derived_from: "'simulated'",
        instrument: `'${mode.instrument}'`,
        mapping: "'INSTRUMENT'",
        name: `'${imap}'`,
        observatory: "'JWST'",
        parkey: "('REFTYPE',)",
      },
      dictionary(types),
    ),
  );
  const context = `jwst_${NUMBER}.pmap`;
  files.push(
    mapping(
      context,
      {
        derived_from: "'simulated'",
        mapping: "'PIPELINE'",
        name: `'${context}'`,
        observatory: "'JWST'",
        parkey: "('META.INSTRUMENT.NAME',)",
      },
      dictionary({ [mode.instrument]: imap }),
    ),
  );
  return { context, files };
}

const dictionary = (entries: Readonly<Record<string, string>>): string =>
  `{\n${Object.entries(entries)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `    '${k}' : '${v}',\n`)
    .join("")}}`;

/** The text of a mapping; its sha1sum is that of the text without the line that holds it. */
function mapping(name: string, header: Record<string, string>, selector: string): CacheFile {
  const text = (sum: string): string =>
    `header = {\n${Object.entries({ ...header, ...(sum ? { sha1sum: `'${sum}'` } : {}) })
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => `    '${k}' : ${v},\n`)
      .join("")}}\n\nselector = ${selector}\n`;
  const sum = createHash("sha1").update(text("")).digest("hex");
  return { path: `mappings/jwst/${name}`, text: text(sum) };
}
