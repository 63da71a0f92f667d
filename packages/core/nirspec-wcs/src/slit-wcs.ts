import { ValidationError } from "@calwebb/errors";
import {
  Compose,
  CompoundBoundingBox,
  Concatenate,
  FixInputs,
  Identity,
  Mapping,
  PickTransform,
  pipe,
  RegionsSelector,
  sideBySide,
  type Transform,
  Wcs,
} from "@calwebb/wcs";

/** The transforms that choose by slit, wherever they are in the first part of a chain. */
function pickOf(transform: Transform | undefined): PickTransform | undefined {
  if (transform instanceof PickTransform) return transform;
  if (transform instanceof Compose || transform instanceof Concatenate) return pickOf(transform.left);
  return undefined;
}

/** The transform between two neighbouring frames. */
function stepTo(wcs: Wcs, to: string): Transform | undefined {
  const index = wcs.frames.indexOf(to);
  return index > 0 ? wcs.steps[index - 1].transform : undefined;
}

/** Transforms of the slits of an exposure; undefined for a WCS without slits. */
export function slitTransformsOf(wcs: Wcs): PickTransform | undefined {
  return pickOf(stepTo(wcs, "slit_frame"));
}

/** Remove one of the inputs, which gets a value, and one of the outputs. */
function without(transform: Transform, input: number, output: number, value: number): Transform {
  const rest = Array.from({ length: transform.nOutputs }, (_, i) => i).filter((i) => i !== output);
  const drop = new Mapping(rest, transform.nOutputs).withInverse(new Identity(rest.length));
  const kept = transform.outputs.filter((_, i) => i !== output);
  const fixed = pipe(new FixInputs(transform, new Map([[input, value]])), drop);
  return fixed.withAxes(fixed.inputs, kept);
}

/**
 * A step of a WCS for one slit: it neither takes nor gives the name of the slit. Steps that have no slits stay as they are.
 * @param id - identifier of the slit
 */
export function forSlit(transform: Transform, id: number): Transform {
  const pick = pickOf(transform);
  if (pick && (transform.name === "gwa2slit" || transform.name === "slit2msa" || transform.name === "slit2slicer")) {
    const own = pick.model(id);
    if (!own) throw new ValidationError(`the WCS has no slit ${id}`, { got: String(id), wanted: pick.ids.join(", ") });
    const { inputs, outputs } = transform;
    if (transform.name === "gwa2slit") return own.withAxes(inputs.slice(1), outputs.slice(1)).named(transform.name);
    return passWavelength(own).withAxes(inputs.slice(1), outputs.slice(0, -1)).named(transform.name);
  }
  const input = transform.inputs.indexOf("name");
  const output = transform.outputs.indexOf("name");
  if (input < 0 || output < 0) return transform;
  const forward = without(transform, input, output, id).named(transform.name);
  if (!transform.hasInverse) return forward;
  // The inverse has the name where the other end has it, at the beginning or at the end.
  const back = transform.inverse;
  const first = output === 0 ? 0 : back.nInputs - 1;
  return forward.withInverse(without(back, first, input === 0 ? 0 : back.nOutputs - 1, id));
}

const passWavelength = (transform: Transform): Transform => sideBySide(transform, new Identity(1));

/**
 * The WCS of one slit or slice: pixels to sky and wavelength, without the name of the slit.
 * @param id - identifier of the slit, number of the slice
 * @throws {ValidationError} when the exposure has no such slit
 */
export function slitWcs(wcs: Wcs, id: number): Wcs {
  const regions = stepTo(wcs, "slicer");
  const slices = regions instanceof RegionsSelector ? regions : undefined;
  const ids = slices ? slices.labels.map((label) => label - 1) : (slitTransformsOf(wcs)?.ids ?? []);
  if (!ids.includes(id))
    throw new ValidationError(`the WCS has no slit ${id}`, { got: String(id), wanted: ids.join(", ") });
  const own = new Wcs(
    wcs.steps.map(({ frame, transform }) => ({ frame, transform: transform && forSlit(transform, id) })),
  );
  const all = wcs.boundingBox;
  if (slices) own.boundingBox = slices.transforms[slices.labels.indexOf(id + 1)].boundingBox;
  else own.boundingBox = all instanceof CompoundBoundingBox ? all.box(id) : undefined;
  return own;
}
