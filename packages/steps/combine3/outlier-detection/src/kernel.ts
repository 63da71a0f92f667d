export {
  absoluteDerivative,
  blotPixels,
  flagPlain,
  flagResampled,
  medianPixels,
  type OutlierArgs,
  rollingMedian,
  weightThreshold,
} from "@calwebb/drizzle";
