import { truthSuite } from "@calwebb/testing";
import { expect, test } from "vitest";
import { DarkPipeline } from "../src/index.js";

truthSuite(DarkPipeline as never, new URL("./truth/", import.meta.url));

test("has the steps before the dark subtraction", () => {
  expect(Object.keys(DarkPipeline.steps)).toEqual([
    "group_scale",
    "dq_init",
    "emicorr",
    "saturation",
    "ipc",
    "superbias",
    "refpix",
    "reset",
    "rscd",
    "firstframe",
    "lastframe",
    "linearity",
  ]);
});
