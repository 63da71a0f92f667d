import { ValidationError } from "@calwebb/errors";
import { grismDispersion } from "../jwst/grism.js";
import { logical } from "../jwst/logical.js";
import {
  ab2Slice,
  coords,
  directionCosines,
  glassTransform,
  gratingEquation,
  legacyV23ToSky,
  refractionIndexFromPrism,
  rotationToGwa,
  snell,
  snell3d,
} from "../jwst/optics.js";
import { labelMapper, regionsSelector, slitKinds, slitTransform, soss } from "../jwst/select.js";
import { tangentPlaneCorrection } from "../jwst/tpcorr.js";
import { AffineTransformation2D, type Matrix2, Rotation2D } from "./affine.js";
import { Const, Identity, Mapping, Scale, Shift } from "./basic.js";
import { Arithmetic, Compose, Concatenate, FixInputs, type Operation } from "./compound.js";
import { FitsImaging } from "./fits-imaging.js";
import { functionKinds, functionTransform, mathFunction } from "./functions.js";
import { type Members, numberAt, numbersAt, numbersOf } from "./node.js";
import { type OrthoKind, OrthoPolynomial } from "./ortho.js";
import { Polynomial1D, Polynomial2D, type Range } from "./polynomial.js";
import { type Direction, PROJECTION_CODES, Projection } from "./projection.js";
import {
  CartesianToSpherical,
  EulerAngleRotation,
  RotateCelestial2Native,
  RotateNative2Celestial,
  RotationSequence3D,
  SphericalRotationSequence,
  SphericalToCartesian,
} from "./sphere.js";
import { Tabular1D, Tabular2D } from "./tabular.js";
import type { Transform } from "./transform.js";

/** Makes the transforms inside a node. */
export interface Reader {
  read(node: unknown): Transform;
}

/** Makes a transform of a node; undefined for a node it cannot take apart. */
export type NodeReader = (members: Members, reader: Reader, version: number) => Transform | undefined;

const T = "asdf/transform/";

function forward(members: Members): [unknown, unknown] {
  const list = members.forward;
  if (!Array.isArray(list) || list.length !== 2)
    throw new ValidationError("a compound transform needs two transforms", { where: "forward" });
  return [list[0], list[1]];
}

const two: (make: (left: Transform, right: Transform) => Transform) => NodeReader = (make) => (members, reader) => {
  const [left, right] = forward(members);
  return make(reader.read(left), reader.read(right));
};

const arithmetic = (operation: Operation): NodeReader => two((l, r) => new Arithmetic(operation, l, r));

function fixInputs(members: Members, reader: Reader): Transform {
  const [inner, fixed] = forward(members);
  const { keys, values } = fixed as { keys: unknown[]; values: unknown[] };
  const entries = keys.map((k, i): [string | number, number] => [
    k as string | number,
    numberAt({ v: values[i] }, "v"),
  ]);
  return new FixInputs(reader.read(inner), new Map(entries));
}

function ranges(node: unknown): Range[] | undefined {
  const list = numbersOf(node);
  if (!list || list.data.length % 2 !== 0 || list.data.some(Number.isNaN)) return undefined;
  return Array.from({ length: list.data.length / 2 }, (_, i): Range => [list.data[2 * i], list.data[2 * i + 1]]);
}

/** Before version 1.2 "domain" meant something else. */
export function domains(members: Members, version: number): { domain?: Range[]; window?: Range[] } {
  if (version < 1_002_000) return {};
  return { domain: ranges(members.domain), window: ranges(members.window) };
}

export const pairOf = (list: readonly Range[] | undefined): readonly [Range, Range] | undefined =>
  list?.length === 2 ? [list[0], list[1]] : undefined;

function polynomial(members: Members, _reader: Reader, version: number): Transform | undefined {
  const { data, shape } = numbersAt(members, "coefficients");
  const { domain, window } = domains(members, version);
  if (shape.length === 1) return new Polynomial1D(data, domain?.[0], window?.[0]);
  if (shape.length === 2) return new Polynomial2D(data, pairOf(domain), pairOf(window));
  return undefined;
}

function ortho(members: Members, _reader: Reader, version: number): Transform {
  const { data, shape } = numbersAt(members, "coefficients");
  const { domain, window } = version === 0 ? {} : domains(members, 1_002_000);
  return new OrthoPolynomial(String(members.polynomial_type) as OrthoKind, data, shape, domain, window);
}

function affine(members: Members): Transform {
  const { data } = numbersAt(members, "matrix");
  const shift = members.translation === undefined ? [0, 0] : [...numbersAt(members, "translation").data];
  return new AffineTransformation2D([...data] as unknown as Matrix2, [shift[0], shift[1]]);
}

function rotate3d(members: Members): Transform {
  const [phi, theta, psi] = [numberAt(members, "phi"), numberAt(members, "theta"), numberAt(members, "psi")];
  const direction = String(members.direction ?? "native2celestial");
  if (direction === "native2celestial") return new RotateNative2Celestial(phi, theta, psi);
  if (direction === "celestial2native") return new RotateCelestial2Native(phi, theta, psi);
  return new EulerAngleRotation(phi, theta, psi, direction);
}

function sequence(members: Members): Transform {
  const angles = [...numbersAt(members, "angles").data];
  const axes = String(members.axes_order);
  return members.rotation_type === "spherical"
    ? new SphericalRotationSequence(angles, axes)
    : new RotationSequence3D(angles, axes);
}

function sphericalCartesian(members: Members): Transform {
  const wrap = numberAt(members, "wrap_lon_at", 360);
  return members.transform_type === "spherical_to_cartesian"
    ? new SphericalToCartesian(wrap)
    : new CartesianToSpherical(wrap);
}

function tabular(members: Members): Transform | undefined {
  const table = numbersAt(members, "lookup_table");
  const options = {
    method: members.method === "nearest" ? ("nearest" as const) : ("linear" as const),
    boundsError: members.bounds_error !== false,
    fillValue: members.fill_value === undefined ? undefined : numberAt(members, "fill_value"),
  };
  const points = (members.points as unknown[] | undefined)?.map((p) => numbersOf(p)?.data ?? new Float64Array(0)) ?? [];
  if (table.shape.length === 1) {
    const x = points[0] ?? Float64Array.from(table.data, (_, i) => i);
    return new Tabular1D(x, table.data, options);
  }
  return table.shape.length === 2 ? new Tabular2D([points[0], points[1]], table.data, options) : undefined;
}

function fitsImaging(members: Members, reader: Reader): Transform | undefined {
  const projection = reader.read(members.projection);
  if (!(projection instanceof Projection)) return undefined;
  const pair = (name: string): [number, number] => {
    const { data } = numbersAt(members, name);
    return [data[0], data[1]];
  };
  return new FitsImaging({
    crpix: pair("crpix"),
    crval: pair("crval"),
    cdelt: pair("cdelt"),
    pc: [...numbersAt(members, "pc").data] as unknown as Matrix2,
    projection,
  });
}

const projection =
  (kind: string): NodeReader =>
  (members) => {
    const parameters: Record<string, number> = {};
    for (const name of ["mu", "gamma", "lambda", "lam", "theta1", "sigma", "delta", "xi", "eta", "theta_b"])
      if (members[name] !== undefined) parameters[name === "lambda" ? "lam" : name] = numberAt(members, name);
    return new Projection(kind, String(members.direction ?? "pix2sky") as Direction, parameters);
  };

/** Readers by tag without version. */
export const readers: Record<string, NodeReader> = {
  [`${T}compose`]: two((l, r) => new Compose(l, r)),
  [`${T}concatenate`]: two((l, r) => new Concatenate(l, r)),
  [`${T}add`]: arithmetic("add"),
  [`${T}subtract`]: arithmetic("subtract"),
  [`${T}multiply`]: arithmetic("multiply"),
  [`${T}divide`]: arithmetic("divide"),
  [`${T}power`]: arithmetic("power"),
  [`${T}fix_inputs`]: fixInputs,
  [`${T}shift`]: (m) => new Shift(numberAt(m, "offset")),
  [`${T}scale`]: (m) => new Scale(numberAt(m, "factor")),
  [`${T}multiplyscale`]: (m) => new Scale(numberAt(m, "factor"), "tag:stsci.edu:asdf/transform/multiplyscale-1.2.0"),
  [`${T}identity`]: (m) => new Identity(numberAt(m, "n_dims", 1)),
  [`${T}remap_axes`]: (m) =>
    new Mapping([...numbersAt(m, "mapping").data], m.n_inputs === undefined ? undefined : numberAt(m, "n_inputs")),
  [`${T}constant`]: (m) => new Const(numberAt(m, "value"), numberAt(m, "dimensions", 1)),
  [`${T}polynomial`]: polynomial,
  [`${T}affine`]: affine,
  [`${T}rotate2d`]: (m) => new Rotation2D(numberAt(m, "angle")),
  [`${T}rotate3d`]: rotate3d,
  [`${T}rotate_sequence_3d`]: sequence,
  [`${T}tabular`]: tabular,
  "gwcs/spherical_cartesian": sphericalCartesian,
  "gwcs/fitswcs_imaging": fitsImaging,
};
Object.assign(readers, {
  [`${T}ortho_polynomial`]: ortho,
  [`${T}math_functions`]: (m: Members) => mathFunction(m),
  "gwcs/direction_cosines": (m: Members) => directionCosines(m),
  "gwcs/grating_equation": (m: Members) => gratingEquation(m, "gwcs"),
  "gwcs/sellmeier_glass": (m: Members) => glassTransform(m, "sellmeier_glass"),
  "gwcs/sellmeier_zemax": (m: Members) => glassTransform(m, "sellmeier_zemax"),
  "gwcs/snell3d": (m: Members) => snell3d(m),
  "jwst_pipeline/grating_equation": (m: Members) => gratingEquation(m, "jwst"),
  "jwst_pipeline/coords": (m: Members) => coords(m),
  "jwst_pipeline/rotation_sequence": (m: Members) =>
    rotationToGwa([...numbersAt(m, "angles").data], String(m.axes_order)),
  "jwst_pipeline/refraction_index_from_prism": (m: Members) => refractionIndexFromPrism(m),
  "jwst_pipeline/logical": (m: Members) => logical(m),
  "jwst_pipeline/miri_ab2slice": (m: Members) => ab2Slice(m),
  "jwst_pipeline/snell": (m: Members) => snell(m),
  "jwst_pipeline/v23tosky": (m: Members) => legacyV23ToSky([...numbersAt(m, "angles").data], String(m.axes_order)),
});
Object.assign(readers, {
  "gwcs/label_mapper": labelMapper,
  "gwcs/regions_selector": regionsSelector,
  [`${T}label_mapper`]: labelMapper,
  [`${T}regions_selector`]: regionsSelector,
  "jwst_pipeline/niriss_soss": soss,
  "jwst_pipeline/niriss-soss": soss,
  "jwst_pipeline/nircam_grism_dispersion": grismDispersion,
  "jwst_pipeline/niriss_grism_dispersion": grismDispersion,
  "jwst_pipeline/miri_wfss_dispersion": grismDispersion,
  "jwst_pipeline/tpcorr": tangentPlaneCorrection,
});
for (const kind of slitKinds) readers[`jwst_pipeline/${kind}`] = (m, reader) => slitTransform(kind, m, reader);
for (const kind of functionKinds) readers[`${T}${kind}`] = (m) => functionTransform(kind, m);
for (const kind of Object.values(PROJECTION_CODES)) readers[`${T}${kind}`] = projection(kind);
