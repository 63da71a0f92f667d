import { VERSION } from "./generated/version.js";
import type { Command, Surroundings } from "./surroundings.js";

/** Exit status of a process that was interrupted. */
const INTERRUPTED = 130;

async function report(program: string, error: unknown, debug: boolean): Promise<number> {
  const { describeError, isCalwebbError } = await import("@calwebb/errors");
  if (isCalwebbError(error, "Cancelled")) {
    process.stderr.write(`${program}: interrupted; no half-written file was left\n`);
    return INTERRUPTED;
  }
  if (debug && error instanceof Error)
    for (let e: unknown = error; e instanceof Error; e = e.cause) process.stderr.write(`${e.stack}\n`);
  process.stderr.write(`${program}: ${describeError(error)}\n`);
  return isCalwebbError(error) ? error.exitCode : 1;
}

/** Run a command as a process: streams, signals, exit status. */
export async function start(program: string, command: Command): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.length === 1 && argv[0] === "--version") {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const controller = new AbortController();
  let interrupts = 0;
  let deadline: NodeJS.Timeout | undefined;
  const interrupt = (signal: NodeJS.Signals): void => {
    controller.abort();
    // Work between two points where it can stop may take long; a second signal does not wait for it.
    if (++interrupts > 1 || signal === "SIGTERM") leave(INTERRUPTED);
    else deadline = setTimeout(() => leave(INTERRUPTED), 1500);
  };
  const leave = (status: number): void => {
    void import("@calwebb/bytes/node").then(({ removeTemporaryFiles }) => {
      removeTemporaryFiles();
      process.exit(status);
    });
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  // A reader that closes the pipe (`| head`) has seen enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const surroundings: Surroundings = {
    program,
    cwd: process.cwd(),
    env: process.env,
    signal: controller.signal,
    isTerminal: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  };
  let status: number;
  try {
    status = await command(argv, surroundings);
  } catch (error) {
    status = await report(program, error, argv.includes("--debug"));
  }
  clearTimeout(deadline);
  if (controller.signal.aborted) status = INTERRUPTED;
  process.exitCode = status;
}
