/** One option of the program itself, beside the parameters of the step. */
export interface ProgramOption {
  readonly name: string;
  /** Name of its value; absent: it has none. */
  readonly value?: string;
  readonly short?: string;
  readonly help: string;
}

/** Options that `strun` and `calwebb run` know for every step. */
export const runOptions: readonly ProgramOption[] = [
  { name: "help", short: "h", help: "Show this help; after a step, its parameters" },
  { name: "version", help: "Show the version" },
  { name: "references", value: "FILE", help: "Reference set: JSON with a file, or N/A, for each type" },
  { name: "cores", value: "N", help: "Number of workers; the results are the same for every number" },
  { name: "max-memory", value: "SIZE", help: "Memory that steps should keep to: 800M, 4G" },
  { name: "plugin", value: "PACKAGE", help: "Package with further steps; may be given several times" },
  { name: "save-parameters", value: "FILE", help: "Write the parameters of the run to an ASDF or .cfg file" },
  { name: "config-file", value: "FILE", help: "Configuration of the step: .cfg or parameter ASDF" },
  { name: "cal-logs", help: "Keep the messages of the log in the product" },
  { name: "disable-crds-steppars", help: "Use no parameter references" },
  { name: "logcfg", value: "FILE", help: "Configuration of the log" },
  { name: "log-level", value: "LEVEL", help: "DEBUG, INFO, WARNING, ERROR or CRITICAL" },
  { name: "log-file", value: "FILE", help: "Write the log to a file too" },
  { name: "log-stream", value: "STREAM", help: "Where the log goes on the terminal: stdout, stderr or null" },
  { name: "verbose", short: "v", help: "Log everything" },
  { name: "quiet", short: "q", help: "Log only errors, show no progress and no summary" },
  { name: "no-progress", help: "Show no progress bar" },
  { name: "debug", help: "Show the whole chain of an error with its places in the code" },
];
