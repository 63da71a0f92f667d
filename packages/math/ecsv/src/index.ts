export { type EcsvText, readEcsv } from "./read.js";
export type { EcsvColumn, EcsvTable, EcsvType, EcsvValue, MetaValue, SkyColumn } from "./types.js";
export { writeEcsv } from "./write.js";
