import { truthSuite } from "@calwebb/testing";
import { EmiCorrStep } from "../src/index.js";

truthSuite(EmiCorrStep, new URL("./truth/", import.meta.url));
