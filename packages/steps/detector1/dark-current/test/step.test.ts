import { truthSuite } from "@calwebb/testing";
import { DarkCurrentStep } from "../src/index.js";

truthSuite(DarkCurrentStep, new URL("./truth/", import.meta.url));
