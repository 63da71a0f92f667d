import { markFloat } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";
import { BLOCK, Transform } from "./transform.js";
import { type Matrix3, RAD, rotate, sequenceMatrix, toCartesian, toSpherical, wrapPositive } from "./trig.js";

const TAG = "tag:stsci.edu:asdf/transform/";
const GWCS = "tag:stsci.edu:gwcs/";

const vectors = (): Float64Array[] => [new Float64Array(BLOCK), new Float64Array(BLOCK), new Float64Array(BLOCK)];

/** Longitude and latitude [deg] to a unit vector. */
export class SphericalToCartesian extends Transform {
  readonly nInputs = 2;
  readonly nOutputs = 3;
  readonly tag: string = `${GWCS}spherical_cartesian-1.3.0`;
  /** Where the inverse cuts the longitude: 180 or 360. */
  readonly wrapLonAt: number;

  constructor(wrapLonAt = 360) {
    super();
    this.wrapLonAt = wrapLonAt;
    this.inputs = ["lon", "lat"];
    this.outputs = ["x", "y", "z"];
  }

  kernel([lon, lat]: readonly Float64Array[], [x, y, z]: readonly Float64Array[], n: number): void {
    toCartesian(lon, lat, x, y, z, n);
  }

  protected override analyticInverse(): Transform {
    return new CartesianToSpherical(this.wrapLonAt);
  }

  protected fields(): Record<string, unknown> {
    return { transform_type: "spherical_to_cartesian", wrap_lon_at: this.wrapLonAt };
  }
}

/** A vector to longitude and latitude [deg]; longitude 0 .. 360, or -180 .. 180 when `wrapLonAt` is 180. */
export class CartesianToSpherical extends Transform {
  readonly nInputs = 3;
  readonly nOutputs = 2;
  readonly tag: string = `${GWCS}spherical_cartesian-1.3.0`;
  readonly wrapLonAt: number;

  constructor(wrapLonAt = 360) {
    super();
    this.wrapLonAt = wrapLonAt;
    this.inputs = ["x", "y", "z"];
    this.outputs = ["lon", "lat"];
  }

  kernel([x, y, z]: readonly Float64Array[], [lon, lat]: readonly Float64Array[], n: number): void {
    toSpherical(x, y, z, lon, lat, n);
    if (this.wrapLonAt !== 180) wrapPositive(lon, n);
  }

  protected override analyticInverse(): Transform {
    return new SphericalToCartesian(this.wrapLonAt);
  }

  protected fields(): Record<string, unknown> {
    return { transform_type: "cartesian_to_spherical", wrap_lon_at: this.wrapLonAt };
  }
}

const radians = (angles: readonly number[]): number[] => angles.map((a) => a * RAD);

/** Rotations of vectors about a sequence of axes; angles in degrees, axes a string of x, y, z. */
export class RotationSequence3D extends Transform {
  readonly nInputs = 3;
  readonly nOutputs = 3;
  readonly tag: string = `${TAG}rotate_sequence_3d-1.2.0`;
  readonly angles: readonly number[];
  readonly axesOrder: string;
  private readonly matrix: Matrix3;

  constructor(angles: readonly number[], axesOrder: string) {
    super();
    checkAxes(angles, axesOrder);
    this.angles = angles;
    this.axesOrder = axesOrder;
    this.matrix = sequenceMatrix(radians(angles), axesOrder);
    this.inputs = ["x", "y", "z"];
    this.outputs = ["x", "y", "z"];
  }

  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number): void {
    rotate(this.matrix, input, output, n);
  }

  protected override analyticInverse(): Transform {
    return new RotationSequence3D(reversed(this.angles), backwards(this.axesOrder));
  }

  protected fields(): Record<string, unknown> {
    return { angles: markFloat([...this.angles]), axes_order: this.axesOrder, rotation_type: "cartesian" };
  }
}

/** What rotations of longitude and latitude share. */
abstract class SphereRotation extends Transform {
  readonly nInputs = 2;
  readonly nOutputs = 2;
  protected abstract readonly matrix: Matrix3;
  /** Whether longitudes come out as 0 .. 360. */
  protected abstract readonly positive: boolean;
  private before: Float64Array[] | undefined = undefined;
  private after: Float64Array[] | undefined = undefined;

  kernel([lon, lat]: readonly Float64Array[], [lonOut, latOut]: readonly Float64Array[], n: number): void {
    this.before ??= vectors();
    this.after ??= vectors();
    toCartesian(lon, lat, this.before[0], this.before[1], this.before[2], n);
    rotate(this.matrix, this.before, this.after, n);
    toSpherical(this.after[0], this.after[1], this.after[2], lonOut, latOut, n);
    if (this.positive) wrapPositive(lonOut, n);
  }
}

/** Rotations of longitude and latitude [deg] about a sequence of axes. */
export class SphericalRotationSequence extends SphereRotation {
  readonly tag: string = `${TAG}rotate_sequence_3d-1.2.0`;
  readonly angles: readonly number[];
  readonly axesOrder: string;
  protected readonly matrix: Matrix3;
  protected readonly positive = false;

  constructor(angles: readonly number[], axesOrder: string) {
    super();
    checkAxes(angles, axesOrder);
    this.angles = angles;
    this.axesOrder = axesOrder;
    this.matrix = sequenceMatrix(radians(angles), axesOrder);
    this.inputs = ["lon", "lat"];
    this.outputs = ["lon", "lat"];
  }

  protected override analyticInverse(): Transform {
    return new SphericalRotationSequence(reversed(this.angles), backwards(this.axesOrder));
  }

  protected fields(): Record<string, unknown> {
    return { angles: markFloat([...this.angles]), axes_order: this.axesOrder, rotation_type: "spherical" };
  }
}

/** Three Euler angles [deg] about three axes. */
export class EulerAngleRotation extends SphereRotation {
  readonly tag: string = `${TAG}rotate3d-1.5.0`;
  readonly angles: readonly [number, number, number];
  readonly axesOrder: string;
  protected readonly matrix: Matrix3;
  protected readonly positive = false;

  constructor(phi: number, theta: number, psi: number, axesOrder: string) {
    super();
    this.angles = [phi, theta, psi];
    checkAxes(this.angles, axesOrder);
    this.axesOrder = axesOrder;
    this.matrix = sequenceMatrix(radians(this.angles), axesOrder);
    this.inputs = ["alpha", "delta"];
    this.outputs = ["alpha", "delta"];
  }

  protected override analyticInverse(): Transform {
    const [phi, theta, psi] = this.angles;
    return new EulerAngleRotation(-psi, -theta, -phi, backwards(this.axesOrder));
  }

  protected fields(): Record<string, unknown> {
    const [phi, theta, psi] = this.angles;
    return markFloat({ phi, theta, psi, direction: this.axesOrder }, "phi", "theta", "psi");
  }
}

/**
 * Native to celestial spherical coordinates (Calabretta & Greisen 2002, section 2.3).
 * `lon`, `lat`: celestial coordinates of the native pole of a zenithal projection [deg]; `lonPole`: native longitude of the
 * celestial pole [deg].
 */
export class RotateNative2Celestial extends SphereRotation {
  readonly tag: string = `${TAG}rotate3d-1.5.0`;
  readonly lon: number;
  readonly lat: number;
  readonly lonPole: number;
  protected readonly matrix: Matrix3;
  protected readonly positive = true;

  constructor(lon: number, lat: number, lonPole: number) {
    super();
    this.lon = lon;
    this.lat = lat;
    this.lonPole = lonPole;
    this.matrix = sequenceMatrix(radians([lonPole - 90, lat - 90, -90 - lon]), "zxz");
    this.inputs = ["phi_N", "theta_N"];
    this.outputs = ["alpha_C", "delta_C"];
  }

  protected override analyticInverse(): Transform {
    return new RotateCelestial2Native(this.lon, this.lat, this.lonPole);
  }

  protected fields(): Record<string, unknown> {
    const node = { phi: this.lon, theta: this.lat, psi: this.lonPole, direction: "native2celestial" };
    return markFloat(node, "phi", "theta", "psi");
  }
}

/** The inverse of {@link RotateNative2Celestial}; native longitudes come out as 0 .. 360. */
export class RotateCelestial2Native extends SphereRotation {
  readonly tag: string = `${TAG}rotate3d-1.5.0`;
  readonly lon: number;
  readonly lat: number;
  readonly lonPole: number;
  protected readonly matrix: Matrix3;
  protected readonly positive = true;

  constructor(lon: number, lat: number, lonPole: number) {
    super();
    this.lon = lon;
    this.lat = lat;
    this.lonPole = lonPole;
    this.matrix = sequenceMatrix(radians([90 + lon, 90 - lat, 90 - lonPole]), "zxz");
    this.inputs = ["alpha_C", "delta_C"];
    this.outputs = ["phi_N", "theta_N"];
  }

  protected override analyticInverse(): Transform {
    return new RotateNative2Celestial(this.lon, this.lat, this.lonPole);
  }

  protected fields(): Record<string, unknown> {
    const node = { phi: this.lon, theta: this.lat, psi: this.lonPole, direction: "celestial2native" };
    return markFloat(node, "phi", "theta", "psi");
  }
}

function checkAxes(angles: readonly number[], axes: string): void {
  if (angles.length !== axes.length || !/^[xyz]*$/.test(axes))
    throw new ValidationError(`a rotation of ${angles.length} angles about the axes "${axes}"`, {
      got: axes,
      wanted: "one of x, y, z for each angle",
    });
}

const reversed = (angles: readonly number[]): number[] => angles.map((a) => -a).reverse();
const backwards = (axes: string): string => [...axes].reverse().join("");
