import { truthSuite } from "@calwebb/testing";
import { RscdStep } from "../src/index.js";

truthSuite(RscdStep, new URL("./truth/", import.meta.url));
