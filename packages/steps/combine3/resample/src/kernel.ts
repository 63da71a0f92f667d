export {
  type DrizzleBand,
  drizzleBand,
  drizzleWeight,
  finishVariances,
  type KernelName,
  mapExtent,
  type PixelMap,
  scanLimits,
} from "@calwebb/drizzle";
