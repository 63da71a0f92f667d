import { truthSuite } from "@calwebb/testing";
import { ChargeMigrationStep } from "../src/index.js";

truthSuite(ChargeMigrationStep, new URL("./truth/", import.meta.url));
