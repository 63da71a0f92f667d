export { installCleanup, removeTemporaryFiles } from "./node/cleanup.js";
export { type FileSourceOptions, fileSource } from "./node/file.js";
export {
  absolutePath,
  type CommandOutput,
  fileExists,
  importModule,
  makeFolder,
  readTextFile,
  removeFile,
  runCommand,
} from "./node/platform.js";
export { scratchFile } from "./node/scratch.js";
export { atomicFileSink } from "./node/sink.js";
