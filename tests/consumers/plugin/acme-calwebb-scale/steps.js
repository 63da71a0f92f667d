import { defineStep, float } from "@calwebb/stpipe";

/** Multiplies an image by a number. */
export const ScaleStep = defineStep({
  alias: "acme_scale",
  className: "ScaleStep",
  classPath: "acme.scale.ScaleStep",
  description: "Multiply an image by a number.",
  input: "ImageModel",
  output: "ImageModel",
  calStep: null,
  parameters: { factor: float({ default: 2, help: "Number to multiply by" }) },
  load: async () => ({
    process(image, { params }) {
      const values = image.data.flat();
      for (let i = 0; i < values.length; i++) values[i] *= params.factor;
      return image;
    },
  }),
});
