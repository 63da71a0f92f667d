export { installCleanup, removeTemporaryFiles } from "./node/cleanup.js";
export { type FileSourceOptions, fileSource } from "./node/file.js";
export { atomicFileSink } from "./node/sink.js";
