import { createHash } from "node:crypto";
import type { Mode } from "../modes.js";

/** A file of a CRDS cache, path relative to the cache's root. */
export interface CacheFile {
  path: string;
  text: string;
}

const NUMBER = "0001";

/** Reference files of a detector. */
export interface DetectorReferences {
  readonly mode: Pick<Mode, "instrument" | "detector">;
  /** Type -> file name; "N/A" for a type that is not applicable. */
  readonly references: Readonly<Record<string, string>>;
}

/**
 * The mappings of a small CRDS cache with one context that gives, for each detector of one instrument, one file per type.
 * @param detectors - at least one, all of one instrument
 */
export function crdsMappings(detectors: readonly DetectorReferences[]): { context: string; files: CacheFile[] } {
  const [{ mode }] = detectors;
  const instrument = mode.instrument.toLowerCase();
  const files: CacheFile[] = [];
  const types: Record<string, string> = {};
  for (const type of new Set(detectors.flatMap((d) => Object.keys(d.references)))) {
    const listed = detectors
      .map((d) => [d.mode.detector, d.references[type] ?? "N/A"] as const)
      .filter(([, file]) => file !== "N/A");
    if (listed.length === 0) {
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
          file_ext: `'.${listed[0][1].split(".").at(-1)}'`,
          filekind: `'${type.toUpperCase()}'`,
          filetype: `'${type.toUpperCase()}'`,
          instrument: `'${mode.instrument}'`,
          mapping: "'REFERENCE'",
          name: `'${name}'`,
          observatory: "'JWST'",
          parkey: "(('META.INSTRUMENT.DETECTOR',), ('META.OBSERVATION.DATE', 'META.OBSERVATION.TIME'))",
          suffix: `'${type}'`,
        },
        `Match({\n${listed
          .map(
            ([detector, file]) =>
              `    ('${detector}',) : UseAfter({\n        '2020-01-01 00:00:00' : '${file}',\n    }),\n`,
          )
          .join("")}})`,
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
