import { rmSync } from "node:fs";

/** Temporary files that exist now; a process that ends must not leave them behind. */
const temporary = new Set<string>();

export function remember(path: string): void {
  temporary.add(path);
}

export function forget(path: string): void {
  temporary.delete(path);
}

/** Remove every temporary file of unfinished sinks of this process. Safe to call at any time, also from an exit handler. */
export function removeTemporaryFiles(): void {
  for (const path of temporary) {
    try {
      rmSync(path, { force: true });
    } catch {
      // The process is ending; a file that cannot be removed must not hide why.
    }
  }
  temporary.clear();
}

/**
 * Remove temporary files when the process exits or is ended by SIGINT, SIGTERM or SIGHUP. For programs, not for libraries.
 * A signal ends the process as it would have without the handler (exit status 128 + signal number for a shell).
 * @returns a function that removes the handlers again
 */
export function installCleanup(signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"]): () => void {
  const handlers = signals.map((signal) => {
    const handler = () => {
      removeTemporaryFiles();
      process.removeListener(signal, handler);
      process.kill(process.pid, signal);
    };
    process.on(signal, handler);
    return () => process.removeListener(signal, handler);
  });
  process.on("exit", removeTemporaryFiles);
  return () => {
    for (const remove of handlers) remove();
    process.removeListener("exit", removeTemporaryFiles);
  };
}
