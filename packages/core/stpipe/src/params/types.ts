/** Types of parameters, by their names in the configspec language of the reference implementation. */
export type ParamType =
  | "integer"
  | "float"
  | "boolean"
  | "string"
  | "option"
  | "list"
  | "force_list"
  | "int_list"
  | "float_list"
  | "bool_list"
  | "string_list"
  | "input_file"
  | "output_file"
  | "reference"
  | "any";

/** One declared parameter; `T` is the TypeScript type of its value. */
export interface Param<out T = unknown> {
  readonly type: ParamType;
  /** Value when none is given; null means "not set". */
  readonly default: T;
  /** Smallest value; for lists and strings the smallest length. */
  readonly min?: number;
  /** Largest value; for lists and strings the largest length. */
  readonly max?: number;
  /** Values that an option may have. */
  readonly options?: readonly (string | null)[];
  /** What the parameter does, in one line. */
  readonly help: string;
  /** The Python package does not have it: files of parameters name it only when it is not at its default. */
  readonly extension?: boolean;
  /** A value must be given. */
  readonly required?: boolean;
}

// biome-ignore lint/complexity/noBannedTypes: no parameters at all is a valid declaration
export type ParamSpecs = Readonly<Record<string, Param>> | {};

/** The values that belong to declared parameters. */
export type ParamValues<P> = { [K in keyof P]: P[K] extends Param<infer T> ? T : never };

/** Values as a caller gives them; all are optional. */
export type ParamInput = Readonly<Record<string, unknown>>;
