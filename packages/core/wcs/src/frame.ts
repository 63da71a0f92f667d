import { isMapping, Tagged, unitOf } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";

const GWCS = "tag:stsci.edu:gwcs/";
const UNIT_TAG = "tag:stsci.edu:asdf/unit/unit-1.0.0";

/** What an axis measures. */
export type AxisType = "SPATIAL" | "SPECTRAL" | "TIME" | "STOKES" | "PIXEL" | "UNKNOWN";

/** Kinds of frames, by the names of their tags. */
export type FrameKind =
  | "frame"
  | "frame2d"
  | "celestial_frame"
  | "spectral_frame"
  | "temporal_frame"
  | "stokes_frame"
  | "composite_frame";

const VERSION: Readonly<Record<FrameKind, string>> = {
  frame: "1.2.0",
  frame2d: "1.2.0",
  celestial_frame: "1.2.0",
  spectral_frame: "1.2.0",
  temporal_frame: "1.2.0",
  stokes_frame: "1.0.0",
  composite_frame: "1.0.0",
};

const AXIS_TYPE: Readonly<Partial<Record<FrameKind, AxisType>>> = {
  frame2d: "SPATIAL",
  celestial_frame: "SPATIAL",
  spectral_frame: "SPECTRAL",
  temporal_frame: "TIME",
  stokes_frame: "STOKES",
};

/** A coordinate frame: the names, units and meaning of the axes between two transforms. */
export class Frame {
  readonly kind: FrameKind;
  /** Members of its node; kept as they were read. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(kind: FrameKind, members: Readonly<Record<string, unknown>>) {
    this.kind = kind;
    this.members = members;
  }

  static fromAsdf(node: unknown): Frame {
    if (typeof node === "string") return new Frame("frame", { name: node, plain: true });
    const kind = node instanceof Tagged ? /:gwcs\/(\w+)-/.exec(node.tag)?.[1] : undefined;
    if (!(node instanceof Tagged) || kind === undefined || !(kind in VERSION) || !isMapping(node.value))
      throw new ValidationError("a coordinate frame of an unknown kind", {
        got: node instanceof Tagged ? node.tag : typeof node,
        wanted: Object.keys(VERSION).join(", "),
      });
    return new Frame(kind as FrameKind, node.value);
  }

  get name(): string {
    return String(this.members.name ?? "");
  }

  /** The frames of a composite frame; otherwise this one. */
  get frames(): Frame[] {
    if (this.kind !== "composite_frame") return [this];
    return (this.members.frames as unknown[]).map((f) => (f instanceof Frame ? f : Frame.fromAsdf(f)));
  }

  /** Numbers of the axes of this frame among all axes. */
  get axesOrder(): number[] {
    if (this.kind === "composite_frame") return this.frames.flatMap((f) => f.axesOrder);
    const order = this.members.axes_order;
    if (Array.isArray(order)) return order.map(Number);
    return this.kind === "frame2d" || this.kind === "celestial_frame" ? [0, 1] : [0];
  }

  get naxes(): number {
    return this.axesOrder.length;
  }

  /** Names, by axis. */
  get axesNames(): string[] {
    return this.sorted((f) => (f.members.axes_names as unknown[] | undefined)?.map((n) => String(n ?? "")) ?? []);
  }

  /** Units, by axis; an empty text where there is none. */
  get units(): string[] {
    return this.sorted((f) => (f.members.unit as unknown[] | undefined)?.map((u) => unitOf(u) ?? "") ?? []);
  }

  get axesTypes(): AxisType[] {
    return this.sorted((f) => {
      const given = f.members.axes_type;
      const list = Array.isArray(given) ? given : given === undefined ? [] : [given];
      return f.axesOrder.map((_, i) => AXIS_TYPE[f.kind] ?? ((list[i] ?? "UNKNOWN") as AxisType));
    });
  }

  /** The part with celestial axes, if there is one. */
  get celestial(): Frame | undefined {
    return this.frames.find((f) => f.kind === "celestial_frame");
  }

  private sorted<V>(of: (frame: Frame) => V[]): V[] {
    const out: V[] = [];
    for (const frame of this.frames) {
      const values = of(frame);
      for (const [i, axis] of frame.axesOrder.entries()) out[axis] = values[i];
    }
    return out;
  }

  /** The same frame under another name. */
  renamed(name: string): Frame {
    return new Frame(this.kind, { ...this.members, name });
  }

  toAsdf(): unknown {
    if (this.members.plain === true) return this.name;
    const members: Record<string, unknown> = { ...this.members };
    if (this.kind === "composite_frame") members.frames = this.frames.map((f) => f.toAsdf());
    return new Tagged(`${GWCS}${this.kind}-${VERSION[this.kind]}`, members);
  }
}

const unit = (name: string): Tagged => new Tagged(UNIT_TAG, name);

/** A plane with two axes. */
export function frame2D(
  name: string,
  options: {
    axesNames?: readonly [string, string];
    units?: readonly [string, string];
    axesOrder?: readonly number[];
  } = {},
): Frame {
  const axesNames = options.axesNames ?? ["x", "y"];
  const units = options.units ?? ["pixel", "pixel"];
  return new Frame("frame2d", {
    name,
    axes_names: [...axesNames],
    axes_order: [...(options.axesOrder ?? [0, 1])],
    axis_physical_types: axesNames.map((n) => `custom:${n}`),
    unit: units.map(unit),
  });
}

/** ICRS coordinates in degrees. */
export function celestialFrame(
  name: string,
  options: { axesNames?: readonly [string, string]; axesOrder?: readonly number[] } = {},
): Frame {
  return new Frame("celestial_frame", {
    name,
    axes_names: [...(options.axesNames ?? ["lon", "lat"])],
    axes_order: [...(options.axesOrder ?? [0, 1])],
    axis_physical_types: ["pos.eq.ra", "pos.eq.dec"],
    reference_frame: new Tagged("tag:astropy.org:astropy/coordinates/frames/icrs-1.1.0", { frame_attributes: {} }),
    unit: [unit("deg"), unit("deg")],
  });
}

/** One spectral axis. */
export function spectralFrame(
  name: string,
  options: { unit?: string; axesNames?: readonly [string]; axesOrder?: readonly number[] } = {},
): Frame {
  return new Frame("spectral_frame", {
    name,
    axes_names: [...(options.axesNames ?? ["wavelength"])],
    axes_order: [...(options.axesOrder ?? [0])],
    axis_physical_types: ["em.wl"],
    unit: [unit(options.unit ?? "um")],
  });
}

/** Frames side by side. */
export function compositeFrame(name: string, frames: readonly Frame[]): Frame {
  return new Frame("composite_frame", { name, frames: [...frames] });
}

/** Any frame with the given axes. */
export function coordinateFrame(name: string, axes: readonly { name: string; unit: string; type: AxisType }[]): Frame {
  return new Frame("frame", {
    name,
    axes_names: axes.map((a) => a.name),
    axes_order: axes.map((_, i) => i),
    axes_type: axes.map((a) => a.type),
    axis_physical_types: axes.map((a) => `custom:${a.name}`),
    unit: axes.map((a) => unit(a.unit)),
  });
}
