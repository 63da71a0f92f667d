import { boolean, list, outputFile, string } from "./builders.js";
import type { Param, ParamSpecs } from "./types.js";

/** A function in place of a hook; it gets what the hook gets and may give a replacement. */
export type HookFunction = (...args: unknown[]) => unknown;

/** Values of the parameters that every step has. */
export interface BaseParams {
  pre_hooks: readonly unknown[];
  post_hooks: readonly unknown[];
  output_file: string | null;
  output_dir: string | null;
  output_ext: string;
  output_use_model: boolean;
  output_use_index: boolean;
  save_results: boolean;
  skip: boolean;
  suffix: string | null;
  search_output_file: boolean;
  input_dir: string | null;
}

/** Parameters that every step has beside its own; an own declaration of the same name wins. */
export const baseParams: { readonly [K in keyof BaseParams]: Param<BaseParams[K]> } = Object.freeze({
  pre_hooks: list({ default: [], help: "What to run before the step: commands, steps, functions" }),
  post_hooks: list({ default: [], help: "What to run after the step: commands, steps, functions" }),
  output_file: outputFile({ help: "Name of the product; also saves it" }),
  output_dir: string({ help: "Folder for products; made when it does not exist" }),
  output_ext: string({ default: ".fits", help: "Extension of products, which decides their format" }),
  output_use_model: boolean({ default: false, help: "Name the product after meta.filename" }),
  output_use_index: boolean({ default: true, help: "Number the products when there are several" }),
  save_results: boolean({ default: false, help: "Save the result" }),
  skip: boolean({ default: false, help: "Do not run the step" }),
  suffix: string({ help: "Last part of the name of the product" }),
  search_output_file: boolean({ default: true, help: "Use output_file of the pipeline when the step has none" }),
  input_dir: string({ help: "Folder of inputs that are given without one" }),
});

/** All parameters of a step in the order of a configspec: base, own, overrides of references. */
export function allParams(own: ParamSpecs, references: readonly string[]): Readonly<Record<string, Param>> {
  const out: Record<string, Param> = { ...baseParams, ...own };
  for (const type of references)
    out[`override_${type}`] = Object.freeze({
      type: "reference",
      default: null,
      help: `File to use in place of the ${type} reference file`,
    });
  return out;
}
