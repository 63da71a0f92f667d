import { truthSuite } from "@calwebb/testing";
import { GainScaleStep } from "../src/index.js";

truthSuite(GainScaleStep, new URL("./truth/", import.meta.url));
