import { truthSuite } from "@calwebb/testing";
import { ResetStep } from "../src/index.js";

truthSuite(ResetStep, new URL("./truth/", import.meta.url));
