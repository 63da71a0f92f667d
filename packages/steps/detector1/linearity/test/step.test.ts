import { truthSuite } from "@calwebb/testing";
import { LinearityStep } from "../src/index.js";

truthSuite(LinearityStep, new URL("./truth/", import.meta.url));
