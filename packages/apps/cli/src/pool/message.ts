import { CalwebbError, type ErrorKind, isCalwebbError } from "@calwebb/errors";

/** Tells a worker to let go of the memory of what it has done. */
export const TIDY = "tidy";

/** One piece of work on its way to a worker. */
export interface Job {
  readonly id: number;
  readonly module: string;
  readonly name: string;
  readonly args: unknown;
}

/** An error as it travels between threads; cloning would lose its kind and fields. */
export interface SentError {
  readonly message: string;
  readonly stack?: string;
  readonly kind?: ErrorKind;
  readonly fields?: Record<string, unknown>;
  readonly cause?: SentError;
}

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: SentError };

export function packError(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    message: error.message,
    ...(error.stack ? { stack: error.stack } : {}),
    ...(isCalwebbError(error) ? { kind: error.kind, fields: { ...error.fields } } : {}),
    ...(error.cause === undefined ? {} : { cause: packError(error.cause) }),
  };
}

export function unpackError({ message, stack, kind, fields, cause }: SentError): Error {
  const inner = cause ? unpackError(cause) : undefined;
  const error = kind
    ? new CalwebbError(kind, message, { ...fields, cause: inner })
    : new Error(message, inner ? { cause: inner } : undefined);
  if (stack) error.stack = stack;
  return error;
}
