/** Keywords that describe the HDU itself: they are made by the writer and never kept as extra cards. */
const BUILTIN =
  /^(|NAXIS\d{0,3}|BITPIX|XTENSION|PCOUNT|GCOUNT|EXTEND|BSCALE|BZERO|BLANK|DATAMAX|DATAMIN|EXTNAME|EXTVER|EXTLEVEL|GROUPS|PYTPE\d|PSCAL\d|PZERO\d|SIMPLE|TFIELDS|TBCOL\d{1,3}|TDIM\d{1,3}|TFORM\d{1,3}|TTYPE\d{1,3}|TUNIT\d{1,3}|TSCAL\d{1,3}|TZERO\d{1,3}|TNULL\d{1,3}|TDISP\d{1,3}|HISTORY)$/;

export function isBuiltinKeyword(keyword: string): boolean {
  return BUILTIN.test(keyword);
}
