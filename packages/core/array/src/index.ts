export {
  allocate,
  type Content,
  type DType,
  dtypeOf,
  forgetRecycled,
  recycle,
  sharedBytesMade,
  type TypedArray,
  type TypedArrayOf,
} from "./dtype.js";
export { defineTask, type Executor, inlineExecutor, type RunOptions, splitRange, type Task } from "./executor.js";
export { NdArray, ndarray } from "./ndarray.js";
export { ensureMemory, instantiate } from "./wasm.js";
