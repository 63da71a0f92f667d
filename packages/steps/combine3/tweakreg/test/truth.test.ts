import { truthSuite } from "@calwebb/testing";
import { TweakRegStep } from "../src/index.js";

truthSuite(TweakRegStep, new URL("./truth/", import.meta.url));
