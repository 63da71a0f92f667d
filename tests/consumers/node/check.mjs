// Only the jump step was installed: it runs on models in memory and finds the cosmic ray.
import { existsSync } from "node:fs";
import { JumpStep } from "@calwebb/jump";
import { rampWithJump } from "./ramp.mjs";

const { ramp, references } = rampWithJump();
const result = await JumpStep.call(ramp, { rejection_threshold: 5 }, { references });
const flag = result.groupdq.get(0, 4, 3, 5);
if (flag !== 4) throw new Error(`GROUPDQ of the cosmic ray is ${flag}, wanted 4`);
if (ramp.groupdq.get(0, 4, 3, 5) !== 0) throw new Error("the input was changed");
if (result.meta.cal_step.jump !== "COMPLETE") throw new Error(`status is ${result.meta.cal_step.jump}`);
if (existsSync("node_modules/@calwebb/ramp-fit")) throw new Error("an unrelated step was installed");
console.log("  jump alone finds the cosmic ray");
