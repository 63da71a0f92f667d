export { type FinderDefaults, type FinderSpecs, finderOptions, finderParameters } from "./finder.js";
export { type SipSpecs, sipOptions, sipParameters } from "./sip.js";
