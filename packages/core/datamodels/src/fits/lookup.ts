import type { FitsFile, Hdu } from "@calwebb/fits";

/** The HDUs of a file by name and version. */
export class HduIndex {
  readonly file: FitsFile;
  readonly maxVersion: number;
  private readonly first = new Map<string, Hdu>();
  private readonly byVersion = new Map<string, Hdu>();

  constructor(file: FitsFile) {
    this.file = file;
    let max = 1;
    for (const hdu of file.hdus) {
      const { name, version } = hdu;
      if (!this.first.has(name)) this.first.set(name, hdu);
      const key = `${name},${version}`;
      if (!this.byVersion.has(key)) this.byVersion.set(key, hdu);
      max = Math.max(max, version);
    }
    this.maxVersion = max;
  }

  /**
   * The HDU that an entry of a schema means.
   * @param index - position in a list: EXTVER must be index + 1; undefined: the first of the name
   */
  find(name: string, index: number | undefined): Hdu | undefined {
    const upper = name.trim().toUpperCase();
    if (upper === "PRIMARY") return this.file.hdus[0];
    if (index === undefined) return this.first.get(upper);
    return this.byVersion.get(`${upper},${index + 1}`);
  }

  /** The HDU that a link of the ASDF tree means: `fits:SCI,1` or `fits:3`. */
  linked(source: string): Hdu | undefined {
    const match = /^fits:(?:(.+),)?(\d+)$/.exec(source);
    if (match === null) return undefined;
    const n = Number(match[2]);
    return match[1] === undefined ? this.file.hdus[n] : this.find(match[1], n - 1);
  }
}
