import { Tagged } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";
import { BoundingBox } from "./bounding-box.js";

/** Points are evaluated this many at a time, so that intermediate values stay in the nearest cache. */
export const BLOCK = 2048;

/** Where a block of points lies among all that are evaluated; few transforms need to know. */
export interface Block {
  start: number;
  total: number;
}

/** Writes each transform once, so that a transform used twice is one node with an anchor. */
export class AsdfWriter {
  private readonly done = new Map<Transform, Tagged>();

  write(transform: Transform): Tagged {
    const known = this.done.get(transform);
    if (known) return known;
    const node = transform.node(this);
    this.done.set(transform, node);
    return node;
  }
}

/**
 * A function of `nInputs` coordinates that gives `nOutputs` coordinates. Numbers are without units, in the units that JWST files
 * use: pixels (0-based), arcsec, degrees, micrometres. Treat it as immutable; `with...` methods give changed copies.
 */
export abstract class Transform {
  abstract readonly nInputs: number;
  abstract readonly nOutputs: number;
  name: string | undefined = undefined;
  /** Names of the inputs and outputs; bounding boxes refer to them. */
  inputs: readonly string[] = [];
  outputs: readonly string[] = [];
  /** Where the transform is valid; only a {@link Wcs} and `evaluate` with `boundingBox` look at it. */
  boundingBox: BoundingBox | undefined = undefined;
  /** An inverse that was given, in place of the analytic one. */
  userInverse: Transform | undefined = undefined;
  /** Members of the node that mean nothing here (fixed, bounds, ...). They are written back. */
  extra: Readonly<Record<string, unknown>> | undefined = undefined;

  private made: Transform | null | undefined = undefined;

  /** Tag of the node that stands for this transform. */
  abstract readonly tag: string;

  /**
   * Evaluate `n` points, at most {@link BLOCK}.
   * @param input - `nInputs` arrays of at least `n` numbers; not changed
   * @param output - `nOutputs` arrays; none of them is one of the inputs
   * @param block - the place of the points; not given when they are all, or were picked out of others
   */
  abstract kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number, block?: Block): void;

  /** Members of the ASDF node beside the common ones. */
  protected abstract fields(writer: AsdfWriter): Record<string, unknown>;

  /** The inverse that follows from the formula; undefined when there is none. */
  protected analyticInverse(): Transform | undefined {
    return undefined;
  }

  /** The analytic inverse, made once: chains ask all of their parts for it, again and again. */
  private get madeInverse(): Transform | undefined {
    if (this.made === undefined) this.made = this.analyticInverse() ?? null;
    return this.made ?? undefined;
  }

  /** Whether {@link inverse} exists. */
  get hasInverse(): boolean {
    return this.userInverse !== undefined || this.madeInverse !== undefined;
  }

  /**
   * The stored inverse, or the analytic one.
   * @throws {ValidationError} when there is neither
   */
  get inverse(): Transform {
    const found = this.userInverse ?? this.madeInverse;
    if (found) return found;
    throw new ValidationError(`the transform ${this.describe()} has no inverse`, {
      got: this.describe(),
      wanted: "a transform with an analytic or a stored inverse",
    });
  }

  /** Name and kind, for messages. */
  describe(): string {
    const kind = this.tag.replace(/^.*\//, "").replace(/-[\d.]+$/, "");
    return this.name ? `${kind} "${this.name}"` : kind;
  }

  /**
   * Evaluate arrays of points.
   * @param input - one array per input, all of one length
   * @param options.boundingBox - give NaN outside the bounding box (default false)
   * @returns one new array per output
   */
  evaluate(input: readonly Float64Array[], options: { boundingBox?: boolean } = {}): Float64Array[] {
    if (input.length !== this.nInputs)
      throw new ValidationError(`${this.describe()} takes ${this.nInputs} coordinates, not ${input.length}`, {
        got: String(input.length),
        wanted: String(this.nInputs),
      });
    const n = input[0]?.length ?? 0;
    for (const a of input)
      if (a.length !== n) throw new ValidationError(`coordinate arrays of different lengths: ${n} and ${a.length}`);
    const output = Array.from({ length: this.nOutputs }, () => new Float64Array(n));
    for (let start = 0; start < n; start += BLOCK) {
      const end = Math.min(n, start + BLOCK);
      this.kernel(
        input.map((a) => a.subarray(start, end)),
        output.map((a) => a.subarray(start, end)),
        end - start,
        { start, total: n },
      );
    }
    if (options.boundingBox && this.boundingBox) this.boundingBox.blank(input, output);
    return output;
  }

  /** Evaluate one point. */
  point(...input: number[]): number[] {
    return this.evaluate(input.map((v) => Float64Array.of(v))).map((a) => a[0]);
  }

  /** `this | next`: the outputs of this are the inputs of the next. */
  pipe(next: Transform): Transform {
    return compoundOf("compose", this, next);
  }

  /** `this & other`: side by side. */
  and(other: Transform): Transform {
    return compoundOf("concatenate", this, other);
  }

  /** A copy under another name. */
  named(name: string | undefined): this {
    return this.changed((t) => {
      t.name = name;
    });
  }

  withInverse(inverse: Transform | undefined): this {
    return this.changed((t) => {
      t.userInverse = inverse;
    });
  }

  /** A copy with a bounding box: one [low, high] per input, in the order of the inputs; undefined removes it. */
  withBoundingBox(box: BoundingBox | readonly (readonly [number, number])[] | undefined): this {
    return this.changed((t) => {
      t.boundingBox = box === undefined || box instanceof BoundingBox ? box : new BoundingBox(box);
    });
  }

  /** A copy with other names of inputs and outputs. */
  withAxes(inputs: readonly string[], outputs: readonly string[]): this {
    return this.changed((t) => {
      t.inputs = inputs;
      t.outputs = outputs;
    });
  }

  protected changed(change: (copy: this) => void): this {
    const copy: this = Object.assign(Object.create(Object.getPrototypeOf(this)), this);
    copy.made = undefined;
    change(copy);
    return copy;
  }

  /** The ASDF node (asdf-transform-schemas, gwcs and jwst_pipeline tags). */
  toAsdf(): Tagged {
    return new AsdfWriter().write(this);
  }

  /** @internal */
  node(writer: AsdfWriter): Tagged {
    // The members are added to the object that the fields came in: it remembers which numbers are floats.
    const value = this.fields(writer);
    Object.assign(value, this.extra);
    if (this.name !== undefined) value.name = this.name;
    value.inputs = [...this.inputs];
    value.outputs = [...this.outputs];
    if (this.userInverse) value.inverse = writer.write(this.userInverse);
    if (this.boundingBox) value.bounding_box = this.boundingBox.toAsdf(this.inputs);
    return new Tagged(this.tag, value);
  }
}

type CompoundMaker = (kind: "compose" | "concatenate", left: Transform, right: Transform) => Transform;
let compoundOf: CompoundMaker = () => {
  throw new ValidationError("compound transforms are not loaded");
};

/** Compound transforms are subclasses of {@link Transform}, which cannot import them. */
export function useCompounds(maker: CompoundMaker): void {
  compoundOf = maker;
}
