export { clipBounds, sortValues } from "./kernel/clip.js";
export { type CombineArgs, combineStack, combineStackTask } from "./kernel/combine.js";
export { type IntegrationArgs, meanOfIntegrations, meanOfIntegrationsTask } from "./kernel/integrations.js";
export { orPlane, subtractPlane } from "./kernel/subtract.js";
