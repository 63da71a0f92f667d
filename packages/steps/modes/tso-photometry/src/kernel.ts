export {
  findSource,
  measure,
  nanMedian,
  type Photometry,
  type Series,
  type Source,
  toElectrons,
  total,
} from "@calwebb/photometry";
