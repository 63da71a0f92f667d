import { truthSuite } from "@calwebb/testing";
import { FirstFrameStep } from "../src/index.js";

truthSuite(FirstFrameStep, new URL("./truth/", import.meta.url));
