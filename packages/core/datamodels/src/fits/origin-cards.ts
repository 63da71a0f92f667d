import type { Card, FitsFile, Header } from "@calwebb/fits";
import type { LeafSchema, ObjectSchema } from "../schema/decode.js";

interface Known {
  readonly leaf: LeafSchema;
  /** Titled branches around the keyword, outermost first, by path. */
  readonly sections: readonly string[];
}

/** Titles of sections whose name does not say enough. */
const TITLES: Readonly<Record<string, string>> = {
  cal_step: "Calibration steps",
  ref_file: "Reference files",
  wcsinfo: "World coordinate system",
  guidestar: "Guide star",
  asn: "Association",
  ephemeris: "Ephemeris",
  velocity_aberration: "Velocity aberration",
};

/** Names that need the branch around them to be understood. */
const BARE: ReadonlySet<string> = new Set([
  "name",
  "type",
  "number",
  "date",
  "time",
  "value",
  "sw_version",
  "context_used",
]);

/** A title for a branch: its name, the first letter in upper case, underscores as blanks. */
export function sectionTitle(path: string): string {
  const name = path.slice(path.lastIndexOf(".") + 1);
  const text = name.replaceAll("_", " ");
  return TITLES[name] ?? text.charAt(0).toUpperCase() + text.slice(1);
}

/** A few words for the comment of a keyword, made of its path. */
export function commentFor(path: string): string {
  const parts = path.split(".").filter((part) => !/^\d+$/.test(part));
  const name = parts.pop() ?? "";
  const parent = parts.pop();
  const text = BARE.has(name) && parent !== undefined && parent !== "meta" ? `${parent} ${name}` : name;
  return text.replaceAll("_", " ");
}

/** What the file that a model came from says beside the values: comments, number formats and section titles. */
export class OriginCards {
  private readonly headers = new Map<string, Header>();
  private readonly titles = new Map<string, string>();

  constructor(file: FitsFile | undefined, root: ObjectSchema) {
    if (file === undefined) return;
    for (const hdu of file.hdus) {
      const key = `${hdu.name},${hdu.version}`;
      if (!this.headers.has(key)) this.headers.set(key, hdu.header);
    }
    const known = collect(root);
    for (const hdu of file.hdus) this.readTitles(hdu.name, hdu.header, known);
  }

  private readTitles(hdu: string, header: Header, known: Map<string, Known>): void {
    let pending: string[] = [];
    let open = false;
    for (const card of header.cards) {
      if (card.keyword === "") {
        // A long title goes on in the next card.
        const text = card.raw.slice(8).trimEnd();
        if (text === "") {
          open = false;
          continue;
        }
        if (open) pending.push(`${pending.pop()}${text}`);
        else pending.push(text);
        open = true;
        continue;
      }
      const entry = known.get(`${hdu}:${card.keyword}`);
      if (entry !== undefined) {
        const sections = entry.sections.slice(-pending.length);
        if (pending.length > 0 && sections.length === pending.length)
          sections.forEach((path, i) => {
            this.titles.set(path, pending[i]);
          });
      }
      pending = [];
      open = false;
    }
  }

  /** Title of a branch: the file's, else one made of its name. */
  title(path: string, model: string): string {
    return this.titles.get(path) ?? (path === "" ? model : sectionTitle(path));
  }

  /** The card of a keyword in an HDU of the file. */
  card(hdu: string, version: number | undefined, keyword: string): Card | undefined {
    return this.headers.get(`${hdu.toUpperCase()},${version ?? 1}`)?.card(keyword);
  }
}

/** Keywords of a schema by "HDU:KEYWORD", with the titled branches around them. */
function collect(root: ObjectSchema): Map<string, Known> {
  const out = new Map<string, Known>();
  const visit = (schema: ObjectSchema, path: string, sections: readonly string[]): void => {
    const inside = schema.titled ? [...sections, path] : sections;
    for (const name of schema.names) {
      const child = schema.child(name)!;
      const here = path === "" ? name : `${path}.${name}`;
      if (child.kind === "object") visit(child, here, inside);
      else if (child.kind === "list") visit(child.item, `${here}.items`, inside);
      else if (child.kind === "leaf" && child.keyword !== undefined) {
        const key = `${child.hdu.toUpperCase()}:${child.keyword.toUpperCase()}`;
        if (!out.has(key)) out.set(key, { leaf: child, sections: inside });
      }
    }
  };
  visit(root, "", []);
  return out;
}
