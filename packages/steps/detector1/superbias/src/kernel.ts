export { type SubtractReference, subtractReference } from "@calwebb/planes";

/**
 * Which plane of a bias each plane of a ramp takes: those of an integration share one, and integrations take the planes of the bias in turn.
 * @param repeat - consecutive planes that share a plane of the bias
 * @param held - planes of the bias
 */
export function biasPlanes(planes: number, repeat: number, held: number): number[] {
  return Array.from({ length: planes }, (_, p) => Math.floor(p / repeat) % held);
}
