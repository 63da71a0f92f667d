/** Kinds of errors that calwebb throws; each has a class below. */
export type ErrorKind =
  | "ValidationError"
  | "FitsFormatError"
  | "AsdfFormatError"
  | "IoError"
  | "ReferenceNotFound"
  | "StepFailed"
  | "PluginError"
  | "UsageError"
  | "NoDataOnDetector"
  | "Cancelled";

const TAG: unique symbol = Symbol.for("calwebb.error") as never;

/** What every calwebb error can say beside its message. All optional: a thrower gives what it knows. */
export interface ErrorFields {
  /** File name or URL the error is about. */
  file?: string;
  /** HDU (name or number), keyword, parameter or model attribute. */
  where?: string;
  /** What was found. */
  got?: string;
  /** What was wanted. */
  wanted?: string;
  /** Alias of the step that failed. */
  step?: string;
  cause?: unknown;
}

/**
 * Base of all errors. The message should say what was got, what was wanted and what to do.
 * Recognise errors with {@link isCalwebbError}; two copies of this package may be installed, so `instanceof` can fail.
 */
export class CalwebbError extends Error {
  readonly kind: ErrorKind;
  readonly fields: Omit<ErrorFields, "cause">;

  constructor(kind: ErrorKind, message: string, { cause, ...fields }: ErrorFields = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = kind;
    this.kind = kind;
    this.fields = fields;
    Object.defineProperty(this, TAG, { value: kind });
  }

  /** Exit status of a command line that fails with this error. */
  get exitCode(): number {
    return EXIT_CODES[this.kind] ?? 1;
  }
}

const EXIT_CODES: Partial<Record<ErrorKind, number>> = { UsageError: 2, NoDataOnDetector: 64 };

/** A value, shape, parameter or metadata item that is not what it has to be. */
export class ValidationError extends CalwebbError {
  constructor(message: string, fields?: ErrorFields) {
    super("ValidationError", message, fields);
  }
}

/** Bytes that are not FITS, or FITS that contradicts itself. */
export class FitsFormatError extends CalwebbError {
  constructor(message: string, fields?: ErrorFields) {
    super("FitsFormatError", message, fields);
  }
}

/** Bytes that are not ASDF, or ASDF that contradicts itself. */
export class AsdfFormatError extends CalwebbError {
  constructor(message: string, fields?: ErrorFields) {
    super("AsdfFormatError", message, fields);
  }
}

/** A file that cannot be opened, read or written. */
export class IoError extends CalwebbError {
  constructor(message: string, fields?: ErrorFields) {
    super("IoError", message, fields);
  }
}

/** No reference file of a type could be found. */
export class ReferenceNotFound extends CalwebbError {
  constructor(message: string, fields?: ErrorFields) {
    super("ReferenceNotFound", message, fields);
  }
}

/** A step's own failure; the cause is what it threw. */
export class StepFailed extends CalwebbError {
  constructor(message: string, fields?: ErrorFields) {
    super("StepFailed", message, fields);
  }
}

/** A plugin that cannot be used. */
export class PluginError extends CalwebbError {
  constructor(message: string, fields?: ErrorFields) {
    super("PluginError", message, fields);
  }
}

/** A command line that cannot be understood; exit status 2. */
export class UsageError extends CalwebbError {
  constructor(message: string, fields?: ErrorFields) {
    super("UsageError", message, fields);
  }
}

/** The exposure has no science data on this detector; exit status 64. */
export class NoDataOnDetector extends CalwebbError {
  constructor(message: string, fields?: ErrorFields) {
    super("NoDataOnDetector", message, fields);
  }
}

/** The caller's AbortSignal fired. */
export class Cancelled extends CalwebbError {
  constructor(message = "cancelled", fields?: ErrorFields) {
    super("Cancelled", message, fields);
  }
}

/**
 * Whether `error` was thrown by calwebb (any installed copy), and is of `kind` if that is given.
 */
export function isCalwebbError(error: unknown, kind?: ErrorKind): error is CalwebbError {
  if (typeof error !== "object" || error === null || !(TAG in error)) return false;
  return kind === undefined || (error as unknown as CalwebbError).kind === kind;
}

/** The message of anything thrown, with the messages of its causes: `outer: inner: innermost`. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let e: unknown = error; e !== undefined && parts.length < 8; ) {
    const whole = e instanceof Error ? e.message : String(e);
    // Messages of others may show where they failed on further lines.
    const message = parts.length > 0 ? whole.split("\n")[0] : whole;
    // What the system says is already in the words of whoever caught it.
    const repeats = parts.length > 0 && e instanceof Error && "syscall" in e;
    if (message && !repeats && !parts.some((p) => p.includes(message))) parts.push(message);
    e = e instanceof Error ? e.cause : undefined;
  }
  return parts.join(": ");
}
