/** Limits of one array or header value. */
export interface Tolerance {
  /** Relative to the expected value. */
  rtol: number;
  /** Absolute; null: a millionth of the median of the expected absolute values that are not 0. */
  atol: number | null;
  /** Share of the values that may lie outside. */
  frac: number;
  /** The same for integers. */
  frac_int?: number;
  /** Share of the values where one side may be NaN and the other not. */
  nan_frac?: number;
}

/** Limits by HDU or column name, a glob, or `PRODUCTGLOB:HDU`; `header:KEY` for keywords. Later entries win. */
export type Tolerances = Readonly<Record<string, Partial<Tolerance>>>;

const EXACT: Tolerance = { rtol: 1e-5, atol: null, frac: 0 };

/** Whether a name matches a shell-like pattern with `*` and `?`. */
export function globMatch(pattern: string, name: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`).test(name);
}

/** Limits for an HDU of a product. */
export function toleranceOf(tolerances: Tolerances, hdu: string, product: string): Tolerance {
  const out = { ...EXACT };
  for (const [key, limits] of Object.entries(tolerances)) {
    if (key.startsWith("header:")) continue;
    const at = key.lastIndexOf(":");
    if (at >= 0 && !globMatch(key.slice(0, at), product)) continue;
    if (globMatch(key.slice(at + 1).toUpperCase(), hdu.toUpperCase())) Object.assign(out, limits);
  }
  return out;
}

/** Relative limit of a floating-point keyword. */
export function headerTolerance(tolerances: Tolerances, keyword: string): { rtol: number; atol: number } {
  const out = { rtol: 1e-9, atol: 0 };
  for (const [key, limits] of Object.entries(tolerances))
    if (key.startsWith("header:") && globMatch(key.slice(7), keyword)) Object.assign(out, limits);
  return out;
}
