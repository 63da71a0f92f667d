import { memorySink, memorySource } from "@calwebb/bytes";
import { encodeModel, openModel } from "@calwebb/datamodels";
import { JumpStep } from "@calwebb/jump";
import { rampWithJump } from "./ramp.mjs";

const out = document.getElementById("out");
try {
  const { ramp, references } = rampWithJump();
  const sink = memorySink();
  await encodeModel(ramp, sink);
  const read = await openModel(memorySource(sink.bytes(), "ramp.fits"));
  await read.load();
  const result = await JumpStep.call(read, { rejection_threshold: 5 }, { references });
  out.textContent = `flag ${result.groupdq.get(0, 4, 3, 5)} ${result.meta.cal_step.jump} shared ${typeof SharedArrayBuffer}`;
} catch (error) {
  out.textContent = `failed: ${error.stack}`;
}
