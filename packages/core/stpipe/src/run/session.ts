import { type Executor, inlineExecutor } from "@calwebb/array";
import type { ReferenceResolver } from "@calwebb/crds";
import type { Model } from "@calwebb/datamodels";
import type { Host } from "../host/types.js";
import type { Step } from "../step/types.js";
import type { LoggerFactory, RunEvent, RunOptions } from "./options.js";

/** What all steps of one run share. */
export interface Session {
  readonly host: Host;
  readonly executor: Executor;
  readonly signal: AbortSignal;
  readonly logger: LoggerFactory;
  readonly references: Readonly<Record<string, Model | string>>;
  readonly memoryBudget: number | undefined;
  emit(event: RunEvent): void;
  /** Answers look-ups; made when first needed. */
  resolver(): Promise<ReferenceResolver>;
  /** Whether parameter references are worth asking for; a bare default resolver is not asked for what is not needed. */
  readonly parameterReferences: boolean;
  /** Whether a reference was looked up in this run. */
  lookedUp: boolean;
  /** Steps by name, for hooks; undefined when there is none of that name. */
  findStep(name: string): Promise<Step | undefined>;
  /** Files that models were opened from and that nothing has changed since. */
  readonly paths: WeakMap<Model, string>;
  /** Open references that a later step of the pipeline needs too, by type, path and class. */
  readonly kept: Map<string, Model>;
  /** Paths of what was saved. */
  readonly saved: string[];
  /** Lines of the log, when products keep them. */
  readonly records: string[] | undefined;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Loggers that also keep what they are told, from INFO on. */
function recording(inner: LoggerFactory, records: string[]): LoggerFactory {
  return (name) => {
    const logger = inner(name);
    const keep = (level: string, message: string): void => {
      records.push(`${new Date().toISOString()} - ${name} - ${level} - ${message}`);
    };
    return {
      debug: (message) => logger.debug(message),
      info: (message) => {
        keep("INFO", message);
        logger.info(message);
      },
      warn: (message) => {
        keep("WARNING", message);
        logger.warn(message);
      },
      error: (message) => {
        keep("ERROR", message);
        logger.error(message);
      },
    };
  };
}

/** A session from options; nothing heavy is loaded. */
export async function makeSession(options: RunOptions): Promise<Session> {
  const platform = await import("#host");
  const host = options.host ?? platform.defaultHost;
  const records: string[] | undefined = options.calLogs ? [] : undefined;
  const logger = records ? recording(options.logger ?? (() => silent), records) : (options.logger ?? (() => silent));
  let resolver: Promise<ReferenceResolver> | undefined;
  return {
    host,
    executor: options.executor ?? inlineExecutor,
    signal: options.signal ?? new AbortController().signal,
    logger,
    references: options.references ?? {},
    memoryBudget: options.memoryBudget,
    emit: (event) => options.onEvent?.(event),
    resolver: () => {
      resolver ??= options.resolver
        ? Promise.resolve(options.resolver)
        : platform.defaultResolver(host, (message) => logger("stpipe.crds").info(message));
      return resolver;
    },
    parameterReferences: options.resolver !== undefined || platform.hasParameterReferences(host),
    lookedUp: false,
    findStep: async (name) => options.findStep?.(name),
    paths: new WeakMap(),
    kept: new Map(),
    saved: [],
    records,
  };
}
