/** Files of a new step package, by path. The step multiplies the image by a factor, so that there is something to replace. */
export function template({ name, input }) {
  const alias = name.replaceAll("-", "_");
  const pascal = name
    .split("-")
    .map((p) => p[0].toUpperCase() + p.slice(1))
    .join("");
  const step = `${pascal}Step`;
  return {
    "package.json": `${JSON.stringify(
      {
        name: `@calwebb/${name}`,
        version: "1.0.0",
        description: `The ${alias} step of the JWST calibration pipeline.`,
        dependencies: { "@calwebb/datamodels": "^1.0.0", "@calwebb/stpipe": "^1.0.0" },
        devDependencies: {},
      },
      null,
      2,
    )}\n`,
    "README.md": `# @calwebb/${name}\n\nThe ${alias} step of the JWST calibration pipeline.\n`,
    "docs.md": `## What it does

Multiplies the image by a factor.

## When to use it

Say for which exposures the step is meant.

## Comes after, comes before

Say which steps must have run, and which want this one.

## Algorithm

\`SCI' = factor * SCI\`

## Special pixels

None.

## Differences from jwst

None.
`,
    "src/index.ts": `export { ${step} } from "./step.js";\n`,
    "src/step.ts": `import { type DeclaredTypes, defineStep, float, type Param, type Step } from "@calwebb/stpipe";

type Params = { factor: Param<number> };

/** Says what the step is; the numeric code loads when it first runs. */
export const ${step}: Step<DeclaredTypes<"${input}", "${input}", Params, readonly []>> = defineStep({
  alias: "${alias}",
  className: "${step}",
  classPath: "jwst.${alias}.${step}",
  description: "Multiply the image by a factor.",
  input: "${input}",
  output: "${input}",
  calStep: null,
  parameters: { factor: float({ default: 1, help: "Number to multiply by" }) },
  load: () => import("./process.js"),
});
`,
    "src/process.ts": `import type { ProcessOf } from "@calwebb/stpipe";
import { scale } from "./kernel.js";
import type { ${step} } from "./step.js";

export const process: ProcessOf<typeof ${step}> = (image, { params, log }) => {
  log.info(\`multiplying by \${params.factor}\`);
  scale(image.data.flat() as Float32Array, params.factor);
  return image;
};
`,
    "src/kernel.ts": `/**
 * Multiply an array by a number, in place.
 * @param data - any shape, overwritten
 */
export function scale(data: Float32Array, factor: number): void {
  for (let i = 0; i < data.length; i++) data[i] *= factor;
}
`,
    "test/kernel.test.ts": `import { expect, test } from "vitest";
import { scale } from "../src/kernel.js";

test("every value is multiplied, NaN stays", () => {
  const data = Float32Array.of(1, -2, Number.NaN);
  scale(data, 3);
  expect([...data]).toEqual([3, -6, Number.NaN]);
});
`,
    "test/step.test.ts": `import { ndarray } from "@calwebb/array";
import { createModel } from "@calwebb/datamodels";
import { stepConformance } from "@calwebb/testing";
import { expect, test } from "vitest";
import { ${step} } from "../src/index.js";

const input = () => createModel("${input}", { data: ndarray("float32", [4, 4]) });

stepConformance(${step}, { input });

test("the factor reaches the data", async () => {
  const image = input();
  image.data.data.fill(2);
  const result = await ${step}.call(image, { factor: 3 });
  expect(result.data.get(1, 1)).toBe(6);
});
`,
  };
}
