import { truthSuite } from "@calwebb/testing";
import { GuiderCdsStep } from "../src/index.js";

truthSuite(GuiderCdsStep, new URL("./truth/", import.meta.url));
