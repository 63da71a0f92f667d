import { NdArray, type TypedArray } from "@calwebb/array";
import { createModel, type Model, type ModelName, tableFrom } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import { emiClocks, emiFrequency } from "../detector/emi.js";
import { resetAnomaly } from "../detector/expose.js";
import { scienceRows } from "../detector/irs2.js";
import { GAIN, type PixelMaps } from "../detector/maps.js";
import type { SimulatedExposure } from "../exposure.js";
import { type Mode, subarrayMeta } from "../modes.js";
import { imagingReferences } from "./imaging.js";
import { goodOutputs, irs2Reference } from "./irs2-weights.js";

/** Own bit order of the reference files, on purpose different from the master flags. */
const OWN_FLAGS = ["DO_NOT_USE", "DEAD", "HOT", "REFERENCE_PIXEL", "NO_LIN_CORR", "NO_SAT_CHECK", "SATURATED"] as const;

/** A reference file: its type, its model, the name that it is saved under. */
export interface Reference {
  readonly type: string;
  readonly model: Model;
  readonly fileName: string;
}

/** Every reference file that an exposure asks for on its way; types that do not apply are not in the list. */
export function* references(exposure: SimulatedExposure, ngroups: number): Generator<Reference> {
  yield* detectorReferences(exposure, ngroups);
  const { view } = exposure;
  if (!view) return;
  yield* imagingReferences(view.camera);
  yield* view.extraReferences?.() ?? [];
}

/** Those of the detector: stage 1, and the flat. */
function* detectorReferences(exposure: SimulatedExposure, ngroups: number): Generator<Reference> {
  const { mode, geometry } = exposure;
  const raw = { nx: geometry.nx, ny: geometry.ny };
  const science = mode.irs2 ? { nx: geometry.nx, ny: 2048 } : raw;
  const maps = mode.irs2 ? scienceMaps(exposure.maps, geometry.nx) : exposure.maps;
  const image = (data: TypedArray, { nx, ny } = science): NdArray => new NdArray(data, [ny, nx]);
  const make = (type: string, name: ModelName, content: Record<string, unknown>): Reference => ({
    type,
    model: createModel(name, { ...content, meta: metadata(mode, type) } as never),
    fileName: `${mode.instrument.toLowerCase()}_${mode.detector.toLowerCase()}_${type}.fits`,
  });
  const flags = (of: PixelMaps, ...names: (typeof OWN_FLAGS)[number][]): { dq: TypedArray; dq_def: unknown } => ({
    dq: flagsOf(of.flags, names),
    dq_def: dqDefinition(),
  });
  const withFlags = (
    of: PixelMaps,
    size: { nx: number; ny: number },
    ...names: (typeof OWN_FLAGS)[number][]
  ): Record<string, unknown> => {
    const { dq, dq_def } = flags(of, ...names);
    return { dq: image(dq, size), dq_def };
  };

  yield make("mask", "MaskModel", withFlags(exposure.maps, raw, "DO_NOT_USE", "DEAD", "HOT", "REFERENCE_PIXEL"));
  yield make("gain", "GainModel", { data: image(maps.gain) });
  // The peer's read noise is that of the difference of two frames.
  yield make("readnoise", "ReadnoiseModel", { data: image(maps.readNoise.map((v) => v * Math.SQRT2)) });
  yield make("flat", "FlatModel", {
    data: image(flatField(exposure, maps)),
    err: image(new Float32Array(science.nx * science.ny).fill(FLAT_ERROR)),
    dq: image(flatFlags(maps.flags)),
    dq_def: dqDefinition(),
  });
  if (mode.guider) return;

  yield make("saturation", "SaturationModel", {
    data: image(maps.saturation),
    ...withFlags(maps, science, "NO_SAT_CHECK"),
  });
  yield make("linearity", "LinearityModel", {
    coeffs: new NdArray(concatenate(linearityPlanes(mode, maps)), [4, science.ny, science.nx]),
    ...withFlags(maps, science, "NO_LIN_CORR"),
  });
  const a = maps.ipc;
  yield make("ipc", "IPCModel", { data: new NdArray(Float32Array.of(0, -a, 0, -a, 1 + 4 * a, -a, 0, -a, 0), [3, 3]) });
  yield dark(exposure, maps, science, ngroups, make);
  if (mode.instrument === "MIRI") {
    const reset = make("reset", "ResetModel", {
      data: new NdArray(resetRamps(science, ngroups), [2, ngroups, science.ny, science.nx]),
      ...withFlags(maps, science, "DO_NOT_USE"),
    });
    reset.model.set("meta.exposure.nints", 2);
    reset.model.set("meta.exposure.ngroups", ngroups);
    yield reset;
    yield interferenceReference(mode, make);
    yield make("rscd", "RSCDModel", {
      rscd_group_skip_table: tableFrom({
        subarray: [mode.subarray, "FULL"],
        readpatt: [mode.readpatt, "FASTR1"],
        group_skip1: Float32Array.of(1, 1),
        group_skip: Float32Array.of(Math.min(3, ngroups - 2), 3),
      }),
    });
  } else {
    yield make("superbias", "SuperBiasModel", {
      data: image(exposure.maps.bias, raw),
      ...withFlags(exposure.maps, raw, "DO_NOT_USE"),
    });
  }
  if (mode.irs2) yield make("refpix", "IRS2Model", { irs2_table: irs2Reference(), dq_table: goodOutputs() });
}

/** Flags of the flat: pixels that are bad, or see no light. */
const flatFlags = (master: Uint32Array): Uint32Array =>
  master.map((word) => ((word & (pixel.DO_NOT_USE | pixel.REFERENCE_PIXEL)) !== 0 ? pixel.DO_NOT_USE : 0));

/** Uncertainty of the flat field. */
const FLAT_ERROR = 0.001;

/**
 * What a uniform sky looks like in counts: response, gain, and the area of the pixels. Dividing by it leaves surface brightness; the flux of
 * stars is right with the area map.
 */
function flatField({ mode, view }: SimulatedExposure, { flat, gain }: PixelMaps): Float32Array {
  return flat.map((response, p) => (response * (view?.area[p] ?? 1) * GAIN[mode.instrument]) / gain[p]);
}

/** The decay after a reset, [2 integrations, groups, pixels]; later integrations are as the second. */
function resetRamps({ nx, ny }: { nx: number; ny: number }, ngroups: number): Float32Array {
  const out = new Float32Array(2 * ngroups * nx * ny);
  for (let plane = 0; plane < 2 * ngroups; plane++)
    out.fill(resetAnomaly(Math.floor(plane / ngroups), plane % ngroups), plane * nx * ny, (plane + 1) * nx * ny);
  return out;
}

/** The waves of MIRI's electronics over one period, and the subarrays that have them. */
function interferenceReference(
  mode: Mode,
  make: (type: string, name: ModelName, content: Record<string, unknown>) => Reference,
): Reference {
  const wave = Array.from({ length: 128 }, (_, k) => Math.sin((2 * Math.PI * (k + 0.5)) / 128));
  const speed = mode.readpatt.startsWith("SLOW") ? "SLOW" : "FAST";
  const reference = make("emicorr", "EmiModel", {});
  const { model } = reference;
  model.set("frequencies", { wave: { frequency: emiFrequency(mode), phase_amplitudes: wave } });
  model.set("subarray_cases", {
    [mode.subarray === "FULL" ? `FULL_${speed}` : mode.subarray]: {
      ...emiClocks(mode),
      freqs: { FAST: ["wave"], SLOW: { MIRIMAGE: ["wave"] } },
    },
  });
  return { ...reference, fileName: reference.fileName.replace(/fits$/, "asdf") };
}

/** MIRI's linearity takes the zero level with it: the polynomial is moved to the measured counts. */
function linearityPlanes(mode: Mode, maps: PixelMaps): Float32Array[] {
  if (mode.instrument !== "MIRI") return [...maps.linearity];
  const n = maps.bias.length;
  const planes = [0, 1, 2, 3].map(() => new Float32Array(n));
  for (let p = 0; p < n; p++) {
    const b = maps.bias[p];
    const c2 = maps.linearity[2][p];
    const c3 = maps.linearity[3][p];
    planes[0][p] = -b + c2 * b * b - c3 * b * b * b;
    planes[1][p] = 1 - 2 * c2 * b + 3 * c3 * b * b;
    planes[2][p] = c2 - 3 * c3 * b;
    planes[3][p] = c3;
  }
  return planes;
}

function dark(
  exposure: SimulatedExposure,
  maps: PixelMaps,
  { nx, ny }: { nx: number; ny: number },
  ngroups: number,
  make: (type: string, name: ModelName, content: Record<string, unknown>) => Reference,
): Reference {
  const { mode } = exposure;
  const groupTime = mode.frameTime * (mode.nframes + mode.groupgap);
  // Mean time of the frames of group g since the reset.
  const middle = (g: number): number => g * groupTime + (mode.frameTime * (mode.nframes + 1)) / 2;
  const planes = Array.from({ length: ngroups }, (_, g) => maps.dark.map((d) => d * middle(g)));
  const ramp = concatenate(planes);
  const dq = flagsOf(maps.flags, ["HOT"]);
  const reference =
    mode.instrument === "MIRI"
      ? make("dark", "DarkMIRIModel", {
          data: new NdArray(concatenate([ramp, ramp]), [2, ngroups, ny, nx]),
          dq: new NdArray(twice(dq), [2, 1, ny, nx]),
          dq_def: dqDefinition(),
        })
      : make("dark", "DarkModel", {
          data: new NdArray(ramp, [ngroups, ny, nx]),
          dq: new NdArray(dq, [ny, nx]),
          dq_def: dqDefinition(),
        });
  for (const [path, value] of [
    ["meta.exposure.nframes", mode.nframes],
    ["meta.exposure.groupgap", mode.groupgap],
    ["meta.exposure.ngroups", ngroups],
    ["meta.exposure.nints", mode.instrument === "MIRI" ? 2 : 1],
    ["meta.exposure.readpatt", mode.readpatt],
  ] as const)
    reference.model.set(path, value);
  return reference;
}

function metadata(mode: Mode, type: string): object {
  return {
    telescope: "JWST",
    reftype: type.toUpperCase(),
    pedigree: "DUMMY",
    description: `Simulated ${type} reference`,
    author: "calwebb simulator",
    useafter: "2020-01-01T00:00:00",
    instrument: { name: mode.instrument, detector: mode.detector },
    exposure: { type: mode.expType, readpatt: mode.readpatt },
    subarray: subarrayMeta(mode),
  };
}

function scienceMaps(maps: PixelMaps, nx: number): PixelMaps {
  return {
    gain: scienceRows(maps.gain, nx),
    readNoise: scienceRows(maps.readNoise, nx),
    bias: scienceRows(maps.bias, nx),
    dark: scienceRows(maps.dark, nx),
    saturation: scienceRows(maps.saturation, nx),
    linearity: maps.linearity.map((plane) => scienceRows(plane, nx)),
    flat: scienceRows(maps.flat, nx),
    flags: scienceRows(maps.flags, nx),
    ipc: maps.ipc,
  };
}

/** The flags of a reference: those of some names. Saving gives them the file's own bits, as the table of flags says. */
function flagsOf(master: Uint32Array, names: readonly (typeof OWN_FLAGS)[number][]): Uint32Array {
  const mask = names.reduce((all, name) => all | pixel[name], 0);
  return master.map((word) => word & mask);
}

function dqDefinition(): unknown {
  return tableFrom({
    BIT: Int32Array.from(OWN_FLAGS, (_, k) => k),
    VALUE: Uint32Array.from(OWN_FLAGS, (_, k) => 1 << k),
    NAME: [...OWN_FLAGS],
    DESCRIPTION: OWN_FLAGS.map((name) => name.toLowerCase().replaceAll("_", " ")),
  });
}

function twice(plane: Uint32Array): Uint32Array {
  const out = new Uint32Array(2 * plane.length);
  out.set(plane);
  out.set(plane, plane.length);
  return out;
}

function concatenate(planes: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(planes.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const plane of planes) {
    out.set(plane, at);
    at += plane.length;
  }
  return out;
}
