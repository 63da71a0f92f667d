import { markFloat } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";
import type { Formula } from "./formula.js";
import { formulaOf } from "./projection-formulas.js";
import { Transform } from "./transform.js";

const TAG = "tag:stsci.edu:asdf/transform/";

/** Versions in which the nodes are written, where they are not 1.4.0. */
const VERSIONS: Readonly<Record<string, string>> = {
  bonne_equal_area: "1.5.0",
  conic_equal_area: "1.5.0",
  conic_equidistant: "1.5.0",
  conic_orthomorphic: "1.5.0",
  conic_perspective: "1.5.0",
  cylindrical_equal_area: "1.5.0",
  cylindrical_perspective: "1.5.0",
  zenithal_perspective: "1.5.0",
};

/** Three-letter code of FITS and the name of the tag. */
export const PROJECTION_CODES: Readonly<Record<string, string>> = {
  TAN: "gnomonic",
  SIN: "slant_orthographic",
  ARC: "zenithal_equidistant",
  ZEA: "zenithal_equal_area",
  STG: "stereographic",
  AZP: "zenithal_perspective",
  AIR: "airy",
  CAR: "plate_carree",
  MER: "mercator",
  CEA: "cylindrical_equal_area",
  CYP: "cylindrical_perspective",
  SFL: "sanson_flamsteed",
  PAR: "parabolic",
  MOL: "molleweide",
  AIT: "hammer_aitoff",
  COP: "conic_perspective",
  COE: "conic_equal_area",
  COD: "conic_equidistant",
  COO: "conic_orthomorphic",
  BON: "bonne_equal_area",
  PCO: "polyconic",
};

const ZENITHAL = new Set([
  "gnomonic",
  "slant_orthographic",
  "zenithal_equidistant",
  "zenithal_equal_area",
  "stereographic",
  "zenithal_perspective",
  "airy",
]);

/** Direction of a projection, as the node says it. */
export type Direction = "pix2sky" | "sky2pix";

/**
 * A projection between the plane and native spherical coordinates, all in degrees (Calabretta & Greisen 2002, A&A 395, 1077).
 */
export class Projection extends Transform {
  readonly nInputs = 2;
  readonly nOutputs = 2;
  readonly tag: string;
  /** Name in the tag, such as `gnomonic`. */
  readonly kind: string;
  readonly direction: Direction;
  /** Parameters by name (`theta1`, `mu`, ...). */
  readonly parameters: Readonly<Record<string, number>>;
  private readonly formula: Formula;

  constructor(kind: string, direction: Direction, parameters: Readonly<Record<string, number>> = {}) {
    super();
    const formula = formulaOf(kind, parameters);
    if (!formula) throw new ValidationError(`unknown projection ${kind}`);
    this.kind = kind;
    this.direction = direction;
    this.parameters = parameters;
    this.formula = formula;
    this.tag = `${TAG}${kind}-${VERSIONS[kind] ?? "1.4.0"}`;
    const plane = ["x", "y"];
    const sphere = ["phi", "theta"];
    this.inputs = direction === "pix2sky" ? plane : sphere;
    this.outputs = direction === "pix2sky" ? sphere : plane;
  }

  /** The projection of a FITS code such as `TAN`. */
  static ofCode(code: string, direction: Direction, parameters: Readonly<Record<string, number>> = {}): Projection {
    const kind = PROJECTION_CODES[code];
    if (kind === undefined)
      throw new ValidationError(`the projection ${code} is not supported`, {
        got: code,
        wanted: Object.keys(PROJECTION_CODES).join(", "),
      });
    return new Projection(kind, direction, parameters);
  }

  /** Code of FITS. */
  get code(): string {
    return Object.keys(PROJECTION_CODES).find((c) => PROJECTION_CODES[c] === this.kind) ?? "";
  }

  /** Whether the native pole is the reference point. */
  get zenithal(): boolean {
    return ZENITHAL.has(this.kind);
  }

  kernel([a, b]: readonly Float64Array[], [c, d]: readonly Float64Array[], n: number): void {
    if (this.direction === "pix2sky") this.formula.toSky(a, b, c, d, n);
    else this.formula.toPlane(a, b, c, d, n);
  }

  protected override analyticInverse(): Transform {
    return new Projection(this.kind, this.direction === "pix2sky" ? "sky2pix" : "pix2sky", this.parameters);
  }

  protected fields(): Record<string, unknown> {
    const node: Record<string, unknown> = { direction: this.direction, ...this.parameters };
    return markFloat(node, ...Object.keys(this.parameters));
  }
}
