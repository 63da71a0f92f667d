import { memorySink, memorySource } from "@calwebb/bytes";
import { encodeModel, openModel } from "@calwebb/datamodels";
import { JumpStep } from "@calwebb/jump";
import { calibrate } from "./detector1.mjs";
import { rampWithJump } from "./ramp.mjs";

/** The jump step on a ramp made here. */
async function jump() {
  const { ramp, references } = rampWithJump();
  const sink = memorySink();
  await encodeModel(ramp, sink);
  const read = await openModel(memorySource(sink.bytes(), "ramp.fits"));
  await read.load();
  const result = await JumpStep.call(read, { rejection_threshold: 5 }, { references });
  return `flag ${result.groupdq.get(0, 4, 3, 5)} ${result.meta.cal_step.jump} shared ${typeof SharedArrayBuffer}`;
}

/** The whole first stage on an exposure from the server. */
async function detector1() {
  const names = await (await fetch("data/names.json")).json();
  const files = {};
  for (const name of names) files[name] = new Uint8Array(await (await fetch(`data/${name}`)).arrayBuffer());
  return calibrate(files);
}

const out = document.getElementById("out");
try {
  out.textContent = JSON.stringify({ jump: await jump(), products: await detector1() });
} catch (error) {
  out.textContent = JSON.stringify({ failed: error.stack });
}
