import { markFloat } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";
import type { Kernel } from "../transforms/formula-transform.js";
import { type Members, numberAt, numbersOf } from "../transforms/node.js";
import type { Reader } from "../transforms/readers.js";
import { type AsdfWriter, Transform } from "../transforms/transform.js";
import { backwardKernel, nircamForwardKernel, sampledForwardKernel } from "./grism-kernels.js";
import { evaluateByLabel } from "./select.js";
import { isList, type TraceModel } from "./trace.js";

const JWST = "tag:stsci.edu:jwst_pipeline/";

/** Kinds of grism dispersion: instrument, along which axis the light is dispersed (forward only), and the name of the transform. */
const KINDS = {
  NIRCAMForwardRowGrismDispersion: ["nircam", 0, "nircam_forward_row_grism_dispersion"],
  NIRCAMForwardColumnGrismDispersion: ["nircam", 1, "nircam_forward_column_grism_dispersion"],
  NIRCAMBackwardGrismDispersion: ["nircam", undefined, "nircam_backward_grism_dispersion"],
  NIRISSForwardRowGrismDispersion: ["niriss", 0, "niriss_forward_row_grism_dispersion"],
  NIRISSForwardColumnGrismDispersion: ["niriss", 1, "niriss_forward_column_grism_dispersion"],
  NIRISSBackwardGrismDispersion: ["niriss", undefined, "niriss_backward_grism_dispersion"],
  MIRIWFSSForwardDispersion: ["miri", 1, "miri_wfss_forward_dispersion"],
  MIRIWFSSBackwardDispersion: ["miri", undefined, "miri_wfss_backward_dispersion"],
} as const;

const TAGS = {
  nircam: "nircam_grism_dispersion-1.2.0",
  niriss: "niriss_grism_dispersion-1.2.0",
  miri: "miri_wfss_dispersion-1.0.0",
} as const;

/** Names of the grism transforms. */
export type GrismKind = keyof typeof KINDS;

/** What a {@link GrismDispersion} is made of; the lists have one entry per order. */
export interface GrismInit {
  orders: readonly number[];
  /**
   * Wavelength of the trace parameter t (0 to 1). NIRISS and MIRI backward: t of the wavelength. NIRCam also takes lists of
   * coefficients that depend on the position.
   */
  lmodels: readonly TraceModel[];
  /** Displacement in x [pixel] along the trace: a function of t (NIRCam), or coefficients of its powers as functions of the position. */
  xmodels: readonly TraceModel[];
  /** The same in y. */
  ymodels: readonly TraceModel[];
  /** NIRISS: turn of the filter wheel [deg], default 0. */
  theta?: number;
  /** Trace parameters that are sampled to go back to t: default 40 for NIRCam, 10 for the others. Files do not keep it. */
  sampling?: number;
  /** NIRCam forward: t of the displacement along the dispersion, in place of sampling. Files do not keep it. */
  invDisplacement?: readonly Transform[];
  /** NIRCam backward: t of the wavelength, in place of sampling. Files do not keep it. */
  invLmodels?: readonly TraceModel[];
}

/**
 * The dispersion of a grism. Forward transforms give (x0, y0, wavelength, order) of a pixel (x, y) for a source at (x0, y0) of the direct
 * image; backward ones give (x, y, x0, y0, order) of (x0, y0, wavelength, order). Pixels are counted from 0, wavelengths are in um.
 * Every point is evaluated with its own order and source.
 */
export class GrismDispersion extends Transform {
  readonly nInputs: number;
  readonly nOutputs: number;
  readonly tag: string;
  readonly kind: GrismKind;
  readonly orders: readonly number[];
  private readonly init: GrismInit;
  private readonly kernels = new Map<number, Kernel>();

  /** @throws {ValidationError} when an option does not belong to the kind */
  constructor(kind: GrismKind, init: GrismInit) {
    super();
    const [instrument, axis, name] = KINDS[kind];
    const forward = axis !== undefined;
    const misplaced =
      (init.theta !== undefined && instrument !== "niriss" && "theta") ||
      (init.invDisplacement && !(forward && instrument === "nircam") && "invDisplacement") ||
      (init.invLmodels && (forward || instrument !== "nircam") && "invLmodels") ||
      (init.sampling !== undefined && !forward && instrument !== "nircam" && "sampling");
    if (misplaced) throw new ValidationError(`${kind} takes no ${misplaced}`, { where: misplaced });
    if (init.sampling !== undefined && !(Number.isInteger(init.sampling) && init.sampling > 1))
      throw new ValidationError(`${kind} needs two samples or more`, { where: "sampling", got: String(init.sampling) });
    this.kind = kind;
    this.init = init;
    this.orders = init.orders.map(Math.trunc);
    this.tag = `${JWST}${TAGS[instrument]}`;
    this.name = name;
    this.inputs = forward ? ["x", "y", "x0", "y0", "order"] : ["x", "y", "wavelength", "order"];
    this.outputs = forward ? ["x", "y", "wavelength", "order"] : ["x", "y", "x0", "y0", "order"];
    this.nInputs = this.inputs.length;
    this.nOutputs = this.outputs.length;
  }

  /** @throws {ValidationError} for an order that is not there, a negative wavelength, or models of a form that has no meaning here */
  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number): void {
    const orders = input[this.nInputs - 1];
    const from = input.slice(0, -1);
    const to = output.slice(0, -1);
    let same = true;
    for (let i = 1; i < n && same; i++) same = orders[i] === orders[0];
    if (same && n > 0) this.ofOrder(orders[0])(from, to, n);
    else evaluateByLabel(orders, (order) => ({ kernel: this.ofOrder(order) }), from, to, n, Number.NaN);
    output[this.nOutputs - 1].set(orders.subarray(0, n));
  }

  private ofOrder(value: number): Kernel {
    const order = Math.trunc(value);
    const known = this.kernels.get(order);
    if (known) return known;
    const k = this.orders.lastIndexOf(order);
    if (k < 0)
      throw new ValidationError(`${this.describe()} has no spectral order ${value}, only ${this.orders.join(", ")}`, {
        where: "order",
        got: String(value),
        wanted: this.orders.join(", "),
      });
    const made = this.makeKernel(k);
    this.kernels.set(order, made);
    return made;
  }

  private makeKernel(k: number): Kernel {
    const { lmodels, xmodels, ymodels, invDisplacement, invLmodels, theta = 0, sampling } = this.init;
    const [instrument, axis] = KINDS[this.kind];
    const role = `${this.kind}, order ${this.orders[k]}`;
    const at = <T>(list: readonly T[], name: string): T => {
      if (k < list.length) return list[k];
      throw new ValidationError(`${role}: no model among ${list.length} ${name}`, { where: name });
    };
    const models = { l: at(lmodels, "lmodels"), x: at(xmodels, "xmodels"), y: at(ymodels, "ymodels") };
    if (axis === undefined) {
      const inverse = invLmodels && at(invLmodels, "invLmodels");
      return backwardKernel(models, {
        nircam: instrument === "nircam",
        inverse,
        theta,
        sampling: sampling ?? 40,
        role,
      });
    }
    if (instrument !== "nircam") return sampledForwardKernel(models, { axis, theta, sampling: sampling ?? 10, role });
    const inverse = invDisplacement && at(invDisplacement, "invDisplacement");
    return nircamForwardKernel(models, { axis, inverse, sampling: sampling ?? 40, role });
  }

  protected fields(writer: AsdfWriter): Record<string, unknown> {
    const { orders, xmodels, ymodels, lmodels, theta = 0 } = this.init;
    const write = (list: readonly TraceModel[]): unknown[] =>
      list.map((model) => (isList(model) ? model.map((m) => writer.write(m)) : writer.write(model)));
    const node: Record<string, unknown> = {
      orders: [...orders],
      xmodels: write(xmodels),
      ymodels: write(ymodels),
      lmodels: write(lmodels),
      model_type: this.kind,
    };
    if (KINDS[this.kind][0] !== "niriss") return node;
    node.theta = theta;
    return markFloat(node, "theta");
  }
}

/** A grism transform; undefined for a node of another form. */
export function grismDispersion(members: Members, reader: Reader): Transform | undefined {
  const kind = String(members.model_type ?? members.class_name) as GrismKind;
  const orders = numbersOf(members.orders);
  const read = (node: unknown): TraceModel =>
    Array.isArray(node) ? node.map((item) => reader.read(item)) : reader.read(node);
  const lists = [members.lmodels, members.xmodels, members.ymodels];
  if (!Object.hasOwn(KINDS, kind) || !orders || !lists.every(Array.isArray)) return undefined;
  const niriss = KINDS[kind][0] === "niriss";
  if (niriss && (members.theta === undefined || members.theta === null)) return undefined;
  const [lmodels, xmodels, ymodels] = lists.map((list) => (list as unknown[]).map(read));
  const common = { orders: [...orders.data], lmodels, xmodels, ymodels };
  return new GrismDispersion(kind, niriss ? { ...common, theta: numberAt(members, "theta") } : common);
}
