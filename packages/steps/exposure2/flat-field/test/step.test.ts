import { truthSuite } from "@calwebb/testing";
import { FlatFieldStep } from "../src/index.js";

truthSuite(FlatFieldStep, new URL("./truth/", import.meta.url));
