import type { DataModel } from "./data-model.js";
import { walkSchema } from "./schema/search.js";
import { storedAt } from "./tree/path.js";

type CardValue = string | number | boolean;

/** Keywords of a FITS WCS; group 1 is the alternative's letter. */
const WCS_KEYWORD =
  /^(?:WCSAXES|CRPIX\d+|CRVAL\d+|CDELT\d+|CTYPE\d+|CUNIT\d+|CROTA\d+|P[CVS]\d+_\d+|CD\d+_\d+|LONPOLE|LATPOLE|RADESYS|EQUINOX|WCSNAME|SPECSYS|VELOSYS|RESTFRQ|RESTWAV|A_ORDER|B_ORDER|AP_ORDER|BP_ORDER|[AB]P?_\d_\d)([A-Z]?)$/;

function knownPaths(model: DataModel, hdu: string): Map<string, string> {
  const out = new Map<string, string>();
  walkSchema(model.modelInfo.root, (path, node) => {
    if (
      node.kind === "leaf" &&
      node.keyword !== undefined &&
      node.hdu.toUpperCase() === hdu &&
      !path.includes(".items")
    )
      out.set(node.keyword.toUpperCase(), path);
  });
  return out;
}

/** The WCS keywords of an HDU, from the metadata and from cards that the model does not know. */
export function getWcsCards(model: DataModel, hdu: string, version: number, key: string): Record<string, CardValue> {
  const name = hdu.toUpperCase();
  const wanted = key.trim().toUpperCase();
  const out: Record<string, CardValue> = {};
  const take = (keyword: string, value: unknown): void => {
    const match = WCS_KEYWORD.exec(keyword.toUpperCase());
    if (match === null || match[1] !== wanted || value === undefined || value === null) return;
    out[keyword.toUpperCase()] = value as CardValue;
  };
  if (version === 1) for (const [keyword, path] of knownPaths(model, name)) take(keyword, storedAt(model.tree, path));
  const extra = model.extraFits[version === 1 ? name : `${name},${version}`];
  for (const [keyword, value] of extra?.header ?? []) take(keyword, value);
  return out;
}

/** Set WCS keywords of an HDU: as metadata where the schema has them, as extra cards otherwise. */
export function setWcsCards(model: DataModel, cards: Readonly<Record<string, CardValue>>, hdu: string): void {
  const name = hdu.toUpperCase();
  const known = knownPaths(model, name);
  for (const [keyword, value] of Object.entries(cards)) {
    const path = known.get(keyword.toUpperCase());
    if (path !== undefined) {
      model.set(path, value);
      continue;
    }
    const extra = (model.extraFits[name] ??= {});
    extra.header ??= [];
    const header = extra.header;
    const at = header.findIndex(([k]) => k === keyword.toUpperCase());
    if (at >= 0) header[at] = [keyword.toUpperCase(), value, header[at][2]];
    else header.push([keyword.toUpperCase(), value, ""]);
  }
}
