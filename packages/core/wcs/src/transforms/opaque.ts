import type { Tagged } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";
import { Transform } from "./transform.js";

const names = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** A transform of a kind that cannot be evaluated here. Its node survives a round trip untouched. */
export class OpaqueTransform extends Transform {
  readonly nInputs: number;
  readonly nOutputs: number;
  readonly tag: string;
  private readonly raw: Tagged;

  constructor(raw: Tagged) {
    super();
    this.raw = raw;
    this.tag = raw.tag;
    const value = (raw.value ?? {}) as Record<string, unknown>;
    this.name = typeof value.name === "string" ? value.name : undefined;
    this.inputs = names(value.inputs);
    this.outputs = names(value.outputs);
    this.nInputs = this.inputs.length;
    this.nOutputs = this.outputs.length;
  }

  kernel(): void {
    throw new ValidationError(`a transform of kind ${this.tag} cannot be evaluated`, { got: this.tag });
  }

  protected fields(): Record<string, unknown> {
    return {};
  }

  override node(): Tagged {
    return this.raw;
  }
}
