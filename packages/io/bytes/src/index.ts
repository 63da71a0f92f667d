export { blobSource } from "./blob.js";
export { gunzip, gunzipSync, type InflateOptions, inflated, inflatedSync, isGzip, notSync } from "./gzip.js";
export { reopen } from "./handle.js";
export { type Fetch, httpSource } from "./http.js";
export { memorySink, memorySource } from "./memory.js";
export type { ByteSink, ByteSource, MemorySink, ScratchFile, SourceHandle } from "./types.js";
