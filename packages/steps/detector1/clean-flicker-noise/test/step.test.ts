import { truthSuite } from "@calwebb/testing";
import { CleanFlickerNoiseStep } from "../src/index.js";

truthSuite(CleanFlickerNoiseStep, new URL("./truth/", import.meta.url));
