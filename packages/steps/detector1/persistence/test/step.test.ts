import { truthSuite } from "@calwebb/testing";
import { PersistenceStep } from "../src/index.js";

truthSuite(PersistenceStep, new URL("./truth/", import.meta.url));
