/** Element types of columns. */
export type EcsvType =
  | "bool"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "float32"
  | "float64"
  | "string"
  /** Objects; only missing ones are written. */
  | "object";

/** A value of a column; undefined where it is missing. */
export type EcsvValue = number | boolean | string | undefined;

export interface EcsvColumn {
  name: string;
  type: EcsvType;
  /** Unit as astropy spells it, "" for a pure number; a column with one is a quantity. */
  unit?: string;
  description?: string;
  /** How the column is displayed, as a Python format (`.4f`); the file keeps all digits. */
  format?: string;
  values: ArrayLike<EcsvValue>;
}

/** A value of the metadata. */
export type MetaValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly MetaValue[]
  | { [key: string]: MetaValue };

/** A column of sky positions, written as the columns `<name>.ra` and `<name>.dec` [deg]. */
export interface SkyColumn {
  name: string;
  description?: string;
  ra: ArrayLike<number>;
  dec: ArrayLike<number>;
}

export interface EcsvTable {
  columns: (EcsvColumn | SkyColumn)[];
  /** Written in order. */
  meta?: { [key: string]: MetaValue };
}
