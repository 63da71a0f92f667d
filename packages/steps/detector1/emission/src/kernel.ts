/**
 * Thermal emission of the telescope in a ramp [DN per group]: none. The step exists so that pipelines and parameter files that name it keep
 * working; a model of the emission would replace this function.
 */
export function emission(): number {
  return 0;
}
