import { ndarray } from "@calwebb/array";
import { createModel } from "@calwebb/datamodels";

/** A flat ramp of 8 groups and 8 x 8 pixels with one cosmic ray in group 4 of pixel (3, 5). */
export function rampWithJump() {
  const data = ndarray("float32", [1, 8, 8, 8]);
  for (let g = 0; g < 8; g++)
    for (let p = 0; p < 64; p++) data.data[g * 64 + p] = 100 + 10 * g + (p === 3 * 8 + 5 && g >= 4 ? 5000 : 0);
  const ramp = createModel("RampModel", {
    data,
    groupdq: ndarray("uint8", [1, 8, 8, 8]),
    pixeldq: ndarray("uint32", [8, 8]),
    meta: {
      instrument: { name: "NIRCAM", detector: "NRCB1" },
      exposure: { type: "NRC_IMAGE", nints: 1, ngroups: 8, nframes: 1, groupgap: 0, group_time: 10, frame_time: 10 },
      subarray: { name: "GENERIC", xstart: 1, ystart: 1, xsize: 8, ysize: 8, fastaxis: 1, slowaxis: -2 },
    },
  });
  const constant = (value) => {
    const image = ndarray("float32", [8, 8]);
    image.data.fill(value);
    return image;
  };
  const subarray = { xstart: 1, ystart: 1, xsize: 8, ysize: 8, fastaxis: 1, slowaxis: -2 };
  const references = {
    gain: createModel("GainModel", { data: constant(2), meta: { subarray } }),
    readnoise: createModel("ReadnoiseModel", { data: constant(5), meta: { subarray } }),
  };
  return { ramp, references };
}
