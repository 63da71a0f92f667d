import { truthSuite } from "@calwebb/testing";
import { SkyMatchStep } from "../src/index.js";

truthSuite(SkyMatchStep, new URL("./truth/", import.meta.url));
