import type { ProcessOf } from "@calwebb/stpipe";
import type { OutlierDetectionStep } from "./step.js";

/** What the body of the step gets. */
export type Context = Parameters<ProcessOf<typeof OutlierDetectionStep>>[1];
