/** The layer of every package group; docs/architecture.md explains the table. */
const CORE_LAYER = {
  dqflags: 0,
  errors: 0,
  array: 0,
  datamodels: 2,
  crds: 2,
  wcs: 2,
  associations: 2,
  "asn-level2": 2,
  "asn-level3": 2,
  "model-blender": 2,
  resampling: 2,
  stpipe: 2,
  "step-parameters": 2,
  "nirspec-wcs": 2,
  "draft-rate": 2,
  "ramp-order": 2,
  registry: 2,
  testing: 2,
};

/** Within layer 2 a package may import only the ones before it: the models, then look-ups, then the runner, then names. */
const CORE_ORDER = [
  "datamodels",
  "wcs",
  "model-blender",
  "resampling",
  "crds",
  "associations",
  "asn-level2",
  "asn-level3",
  "stpipe",
  "step-parameters",
  "nirspec-wcs",
  "draft-rate",
  "ramp-order",
  "registry",
  "testing",
];

/** @returns {number} layer 0 to 6 of the package in `dir` (relative to the repository). */
export function layerOf(dir) {
  const [, group, name] = dir.split("/");
  if (group === "core") return CORE_LAYER[name] ?? Number.NaN;
  return { io: 1, math: 1, steps: 3, pipelines: 4, meta: 5, apps: 6 }[group] ?? Number.NaN;
}

/** @returns {string | undefined} why the package in `from` may not depend on the one in `to`. */
export function forbidden(from, to) {
  const a = layerOf(from);
  const b = layerOf(to);
  const [, groupA, nameA] = from.split("/");
  const [, groupB, nameB] = to.split("/");
  if (a === 6) return undefined;
  // The binaries come with the meta package.
  if (a === 5 && to === "packages/apps/cli") return undefined;
  if (b > a) return `layer ${a} must not import layer ${b}`;
  if (a === 0) return "layer 0 imports nothing of ours";
  if (a === 1 && b === 1 && groupA !== groupB) return `${groupA}/* must not import ${groupB}/*`;
  if (a === 2 && b === 2 && CORE_ORDER.indexOf(nameB) >= CORE_ORDER.indexOf(nameA))
    return `within layer 2 the order is ${CORE_ORDER.join(" < ")}`;
  if (a === 3) {
    if (b === 3) return "a step never imports a step";
    if (groupB === "io" || nameB === "crds" || nameB === "registry") return "a step never opens a file";
  }
  if (a === 4 && b === 4) return "a pipeline does not import a pipeline";
  return undefined;
}
