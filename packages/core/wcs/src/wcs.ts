import { Tagged } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";
import { Frame } from "./frame.js";
import { numericalInverse } from "./numerical-inverse.js";
import { BoundingBox } from "./transforms/bounding-box.js";
import { pipe } from "./transforms/compound.js";
import { loadArrays, membersOf, numbersOf } from "./transforms/node.js";
import { TransformReader } from "./transforms/read.js";
import { AsdfWriter, type Transform } from "./transforms/transform.js";

/** A frame and the transform from it to the next one; the last step has none. */
export interface WcsStep {
  readonly frame: Frame;
  readonly transform: Transform | undefined;
}

export interface EvaluateOptions {
  /** Give NaN outside the bounding box (default true). */
  withBoundingBox?: boolean;
}

export interface InverseOptions extends EvaluateOptions {
  /** Solve numerically even where an inverse is stored (default false). */
  numerical?: boolean;
  /** Largest error of a numerical solution [pixel] (default 1e-6). */
  tolerance?: number;
  maxIterations?: number;
}

export interface FootprintOptions {
  boundingBox?: BoundingBox | readonly (readonly [number, number])[];
  /** Take the centres of the corner pixels instead of the corners of the box (default false). */
  center?: boolean;
}

const WCS_TAG = "tag:stsci.edu:gwcs/wcs-1.4.0";
const STEP_TAG = "tag:stsci.edu:gwcs/step-1.3.0";

/**
 * A pipeline of coordinate frames and the transforms between them, as the `gwcs` package of Python has it. The first frame is the
 * detector (pixels counted from 0), the last one the world. Methods that change it change it in place.
 */
export class Wcs {
  name: string;
  /** Size of the image in x, y order, if known. */
  pixelShape: readonly number[] | undefined;
  private list: WcsStep[];
  private readonly combined = new Map<string, Transform>();

  constructor(
    steps: readonly { frame: Frame | string; transform?: Transform | undefined }[],
    options: { name?: string; pixelShape?: readonly number[] } = {},
  ) {
    this.list = steps.map(({ frame, transform }) => ({
      frame: typeof frame === "string" ? Frame.fromAsdf(frame) : frame,
      transform,
    }));
    this.name = options.name ?? "";
    this.pixelShape = options.pixelShape;
    if (this.list.length < 2 || this.list.slice(0, -1).some((s) => s.transform === undefined))
      throw new ValidationError("a WCS needs at least two frames and a transform from each but the last", {
        got: this.list.map((s) => s.frame.name).join(", "),
      });
  }

  /** The WCS of a `gwcs/wcs` node. Its arrays must be readable without waiting; see {@link Wcs.load}. */
  static fromAsdf(node: unknown): Wcs {
    if (!(node instanceof Tagged) || !node.tag.includes(":gwcs/wcs-"))
      throw new ValidationError("the node is not a WCS", {
        got: node instanceof Tagged ? node.tag : typeof node,
        wanted: WCS_TAG,
      });
    const { steps, name, pixel_shape: shape } = membersOf(node);
    const reader = new TransformReader();
    const list = (steps as unknown[]).map((step) => {
      const { frame, transform } = membersOf(step as Tagged);
      return {
        frame: Frame.fromAsdf(frame),
        transform: transform === null || transform === undefined ? undefined : reader.read(transform),
      };
    });
    const pixelShape = shape === null || shape === undefined ? undefined : [...(numbersOf(shape)?.data ?? [])];
    return new Wcs(list, { name: String(name ?? ""), pixelShape });
  }

  /** The same, reading its arrays first. */
  static async load(node: unknown): Promise<Wcs> {
    return Wcs.fromAsdf(await loadArrays(node));
  }

  /** The node that gwcs reads. */
  toAsdf(): Tagged {
    const writer = new AsdfWriter();
    return new Tagged(WCS_TAG, {
      name: this.name,
      pixel_shape: this.pixelShape ? [...this.pixelShape] : null,
      steps: this.list.map(
        ({ frame, transform }) =>
          new Tagged(STEP_TAG, { frame: frame.toAsdf(), transform: transform ? writer.write(transform) : null }),
      ),
    });
  }

  clone(): Wcs {
    return new Wcs(this.list, { name: this.name, pixelShape: this.pixelShape });
  }

  get steps(): readonly WcsStep[] {
    return this.list;
  }

  /** Names of the frames in order. */
  get frames(): readonly string[] {
    return this.list.map((s) => s.frame.name);
  }

  get inputFrame(): Frame {
    return this.list[0].frame;
  }

  get outputFrame(): Frame {
    return this.list[this.list.length - 1].frame;
  }

  private indexOf(frame: string | Frame): number {
    const name = typeof frame === "string" ? frame : frame.name;
    const index = this.list.findIndex((s) => s.frame.name === name);
    if (index >= 0) return index;
    throw new ValidationError(`the WCS has no frame "${name}"`, { got: name, wanted: this.frames.join(", ") });
  }

  /** From detector to world. */
  get forwardTransform(): Transform {
    return this.transform(0, this.list.length - 1);
  }

  /**
   * The transform between two frames, forward or backward.
   * @throws {ValidationError} for an unknown frame, or a direction without an inverse
   */
  transform(from: string | number, to: string | number): Transform {
    const a = typeof from === "number" ? from : this.indexOf(from);
    const b = typeof to === "number" ? to : this.indexOf(to);
    const key = `${a}>${b}`;
    let found = this.combined.get(key);
    if (found) return found;
    if (a === b) throw new ValidationError(`no transform from the frame "${this.frames[a]}" to itself`);
    if (a < b) {
      const [first, ...rest] = this.list.slice(a, b).map((s) => s.transform as Transform);
      found = rest.length > 0 ? pipe(first, ...rest) : first;
    } else {
      const [first, ...rest] = this.list
        .slice(b, a)
        .reverse()
        .map((s) => (s.transform as Transform).inverse);
      found = rest.length > 0 ? pipe(first, ...rest) : first;
    }
    this.combined.set(key, found);
    return found;
  }

  /** Whether world coordinates can be turned into pixels without solving numerically. */
  get hasInverse(): boolean {
    return this.list.every((s) => s.transform === undefined || s.transform.hasInverse);
  }

  /** Bounding box of the first transform, in the order of the inputs. */
  get boundingBox(): BoundingBox | undefined {
    return this.list[0].transform?.boundingBox;
  }

  set boundingBox(box: BoundingBox | readonly (readonly [number, number])[] | undefined) {
    const first = this.list[0].transform as Transform;
    this.replace(0, first.withBoundingBox(box));
  }

  private replace(index: number, transform: Transform): void {
    this.list[index] = { frame: this.list[index].frame, transform };
    this.combined.clear();
  }

  /** Put another transform between a frame and its next one. */
  setTransform(from: string, to: string, transform: Transform): void {
    const index = this.indexOf(from);
    if (this.indexOf(to) !== index + 1)
      throw new ValidationError(`the frames "${from}" and "${to}" are not neighbours`, {
        wanted: this.frames.join(", "),
      });
    this.replace(index, transform);
  }

  /** Insert a transform before a frame, or after it: it becomes part of the transform that is there. */
  insertTransform(frame: string, transform: Transform, after = false): void {
    const index = this.indexOf(frame) - (after ? 0 : 1);
    const there = index >= 0 ? this.list[index].transform : undefined;
    if (!there) throw new ValidationError(`there is no transform ${after ? "after" : "before"} the frame "${frame}"`);
    const box = there.boundingBox;
    const joined = after ? pipe(transform, there) : pipe(there, transform);
    this.replace(index, index === 0 && !after ? joined.withBoundingBox(box) : joined);
  }

  /** Insert a frame right after another one; `transform` leads from that one to the new one, which keeps the way onward. */
  insertFrameAfter(frame: string, transform: Transform, added: Frame): void {
    const index = this.indexOf(frame);
    const { frame: before, transform: onward } = this.list[index];
    this.list.splice(index, 1, { frame: before, transform }, { frame: added, transform: onward });
    this.combined.clear();
  }

  /**
   * Detector to world.
   * @param input - one array per axis, pixels counted from 0
   * @returns one array per world axis
   */
  forward(...input: readonly Float64Array[]): Float64Array[] {
    return this.evaluate(input);
  }

  /** Detector to world, with options. */
  evaluate(input: readonly Float64Array[], { withBoundingBox = true }: EvaluateOptions = {}): Float64Array[] {
    const output = this.forwardTransform.evaluate(input);
    if (withBoundingBox) this.boundingBox?.blank(input, output);
    return output;
  }

  /**
   * World to detector, by the stored or analytic inverse, numerically where there is none. An axis is NaN outside its interval of the
   * bounding box.
   */
  inverse(...world: readonly Float64Array[]): Float64Array[] {
    return this.invert(world);
  }

  /** World to detector, with options. */
  invert(world: readonly Float64Array[], options: InverseOptions = {}): Float64Array[] {
    const box = options.withBoundingBox === false ? undefined : this.boundingBox;
    const inside =
      box && this.outputFrame.axesTypes.every((t) => t === "SPATIAL") ? this.insideFootprint(world) : world;
    const pixels =
      this.hasInverse && !options.numerical
        ? this.transform(this.list.length - 1, 0).evaluate(inside)
        : numericalInverse(this.forwardTransform, this.boundingBox, inside, options);
    if (box)
      pixels.forEach((p, axis) => {
        const [low, high] = box.at(axis);
        for (let i = 0; i < p.length; i++) if (!(p[i] >= low && p[i] <= high)) p[i] = Number.NaN;
      });
    return pixels;
  }

  /** World coordinates with NaN where they are beyond all corners of the bounding box. */
  private insideFootprint(world: readonly Float64Array[]): Float64Array[] {
    const corners = this.footprint();
    const celestial = this.outputFrame.celestial !== undefined;
    return world.map((values, axis) => {
      const range = corners.map((c) => c[axis]);
      const [low, high] = [Math.min(...range), Math.max(...range)];
      const wrapped = celestial && axis === 0 && high - low > 180;
      const middle = (low + high) / 2;
      // Around 0 deg the footprint is the two ends of the circle, and what is between them is outside.
      const from = wrapped ? Math.max(...range.filter((v) => v <= middle)) : low;
      const to = wrapped ? Math.min(...range.filter((v) => v > middle)) : high;
      return values.map((v) => ((wrapped ? v > from && v < to : v < from || v > to) ? Number.NaN : v));
    });
  }

  /**
   * World coordinates of the corners, in the order (low, low), (low, high), (high, high), (high, low) for two axes.
   * @returns one list of coordinates per corner
   */
  footprint({ boundingBox, center = false }: FootprintOptions = {}): number[][] {
    const box =
      boundingBox === undefined || boundingBox instanceof BoundingBox ? boundingBox : new BoundingBox(boundingBox);
    const found = box ?? this.boundingBox;
    if (!found) throw new ValidationError("a footprint needs a bounding box, and the WCS has none");
    const corners = cornersOf(found, this.forwardTransform.nInputs);
    const at = center ? (v: number): number => Math.floor(v + 0.5) : (v: number): number => v;
    const input = Array.from({ length: this.forwardTransform.nInputs }, (_, axis) =>
      Float64Array.from(corners, (c) => at(c[axis])),
    );
    const world = this.evaluate(input, { withBoundingBox: false });
    return corners.map((_, i) => world.map((w) => w[i]));
  }
}

function cornersOf(box: BoundingBox, axes: number): number[][] {
  const [x, y] = [box.at(0), box.at(1)];
  if (axes === 1) return [[x[0]], [x[1]]];
  if (axes === 2)
    return [
      [x[0], y[0]],
      [x[0], y[1]],
      [x[1], y[1]],
      [x[1], y[0]],
    ];
  let out: number[][] = [[]];
  for (let axis = 0; axis < axes; axis++) out = out.flatMap((c) => box.at(axis).map((v) => [...c, v]));
  return out;
}
