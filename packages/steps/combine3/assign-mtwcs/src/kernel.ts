import { ValidationError } from "@calwebb/errors";
import { Identity, Shift, sideBySide, Wcs } from "@calwebb/wcs";

/** Position of a target on the sky [deg]. */
export interface Target {
  ra: number;
  dec: number;
}

/** Mean of right ascensions and of declinations. Right ascensions are averaged as numbers, as the reference implementation does. */
export function meanTarget(targets: readonly Target[]): Target {
  const mean = (of: (t: Target) => number): number => targets.reduce((sum, t) => sum + of(t), 0) / targets.length;
  return { ra: mean((t) => t.ra), dec: mean((t) => t.dec) };
}

/**
 * A WCS with one more frame, "moving_target", in which the target stands at its mean position.
 * @param target - where the target was during the exposure
 * @throws {ValidationError} when the last frame is not celestial
 */
export function addMovingTargetFrame(wcs: Wcs, mean: Target, target: Target): Wcs {
  const world = wcs.outputFrame;
  if (!world.celestial)
    throw new ValidationError(`the frame "${world.name}" has no celestial axes to move a target in`, {
      got: world.kind,
      wanted: "celestial_frame, composite_frame",
    });
  const shift = sideBySide(new Shift(mean.ra - target.ra), new Shift(mean.dec - target.dec));
  const transform = world.kind === "composite_frame" ? sideBySide(shift, new Identity(1)) : shift;
  return new Wcs([...wcs.steps.slice(0, -1), { frame: world, transform }, { frame: world.renamed("moving_target") }]);
}
