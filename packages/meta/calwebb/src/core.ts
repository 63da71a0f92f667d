// What programs need beside the steps themselves; the packages have more.
export { inlineExecutor, NdArray, ndarray } from "@calwebb/array";
export { createModel, encodeModel, type Model, type Models, openModel } from "@calwebb/datamodels";
export { flagNames, group, interpretFlags, pixel } from "@calwebb/dqflags";
export { CalwebbError, describeError, isCalwebbError } from "@calwebb/errors";
export { createRegistry } from "@calwebb/registry";
export { definePipeline, defineStep, type RunEvent, type RunOptions, type Step } from "@calwebb/stpipe";
