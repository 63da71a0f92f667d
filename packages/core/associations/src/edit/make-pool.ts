import { AssociationError } from "../errors.js";
import { AssociationPool } from "../pool/pool.js";

/** The keywords of one exposure's primary header. */
export interface ExposureHeader {
  readonly file: string;
  readonly keywords: Readonly<Record<string, unknown>>;
}

export interface MakePoolOptions {
  /** Further candidates of all exposures, as text: `[('c1000', 'group')]`. */
  readonly asnCandidate?: string;
  readonly dmsNote?: string;
  readonly isImprt?: string;
  readonly pntgtype?: string;
  readonly name?: string;
}

/**
 * A pool of exposures by their headers: a column per keyword, and the columns that no header has. Targets are numbered in
 * the order in which they appear; each exposure belongs to its observation.
 */
export function makePool(headers: readonly ExposureHeader[], options: MakePoolOptions = {}): AssociationPool {
  const targets = new Map<string, number>();
  const columns = new Set<string>([
    "asn_candidate",
    "dms_note",
    "is_imprt",
    "pntgtype",
    "targetid",
    "mostilno",
    "dithptin",
  ]);
  columns.add("filename");
  for (const { keywords } of headers)
    for (const key of Object.keys(keywords))
      if (!["", "COMMENT", "HISTORY"].includes(key)) columns.add(key.toLowerCase());
  const ordered = [...columns].sort();
  const records = headers.map(({ file, keywords }) => {
    const record: Record<string, unknown> = {};
    for (const column of ordered) record[column] = "null";
    for (const [key, value] of Object.entries(keywords)) {
      const column = key.toLowerCase();
      if (columns.has(column)) record[column] = typeof value === "boolean" ? (value ? "true" : "false") : String(value);
    }
    const observation = keywords["OBSERVTN"];
    if (observation === undefined)
      throw new AssociationError(`${file} has no keyword OBSERVTN: its observation is not known`, {
        file,
        where: "OBSERVTN",
      });
    const own = `('o${String(observation).padStart(3, "0")}', 'observation')`;
    const more = options.asnCandidate?.trim().replace(/^\[|\]$/g, "");
    const target = String(keywords["TARGNAME"] ?? keywords["TARGPROP"] ?? "");
    if (!targets.has(target)) targets.set(target, targets.size + 1);
    return {
      ...record,
      mostilno: "1",
      dithptin: "1",
      filename: file,
      asn_candidate: more ? `[${own}, ${more}]` : `[${own}]`,
      dms_note: options.dmsNote ?? "",
      is_imprt: options.isImprt ?? "f",
      pntgtype: options.pntgtype ?? "science",
      targetid: String(targets.get(target)),
    };
  });
  return AssociationPool.from(records, options.name);
}
