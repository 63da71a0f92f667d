import { truthSuite } from "@calwebb/testing";
import { LastFrameStep } from "../src/index.js";

truthSuite(LastFrameStep, new URL("./truth/", import.meta.url));
