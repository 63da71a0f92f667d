/** What a command is given by the process around it; tests give their own. */
export interface Surroundings {
  /** Name of the program, for messages. */
  readonly program: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Whether the error stream is a terminal. */
  readonly isTerminal: boolean;
  /** Width of the terminal. */
  readonly columns: number;
  out(text: string): void;
  err(text: string): void;
}

/** A command; gives its exit status. */
export type Command = (argv: readonly string[], surroundings: Surroundings) => Promise<number>;
