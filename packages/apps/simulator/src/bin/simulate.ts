#!/usr/bin/env node
import { type ParseArgsConfig, parseArgs } from "node:util";
import { describeError, isCalwebbError, UsageError } from "@calwebb/errors";
import { simulate } from "../exposure.js";
import { MODES, modeOf } from "../modes.js";
import { coronagraphyObservation } from "../observation/coronagraphy.js";
import { imagingObservation } from "../observation/imaging.js";
import type { Observation } from "../observation/observation.js";
import { timeSeriesObservation } from "../observation/time-series.js";
import { wavefrontObservation } from "../observation/wavefront.js";
import { writeObservation } from "../observation/write.js";
import { CORONAGRAPHS } from "../optics/coronagraphs.js";
import { DETECTORS } from "../optics/detectors.js";
import { WEAK_LENSES } from "../sky/weak-lens.js";
import { writeExposure } from "../write.js";

const HELP = `usage: calwebb-simulate KIND [options]
       calwebb-simulate program NAME [--out=FOLDER]    the association pool of an observing program

Writes raw exposures (_uncal.fits), the reference files that calibrate them and references.json, which names them.

One exposure of a random field, without a place on the sky:
  ${Object.keys(MODES).join(", ")}

Observations, with their associations and the catalog of what is there (truth.ecsv):
  imaging           dithers or a mosaic of a field of stars and galaxies
  coronagraphy      two rolls of a star with a companion, and a reference star
  time-series       a star with a transit, in segments
  wavefront         a star out of focus, in a pair of exposures

options of all:
  --out=FOLDER      where to (default: .)
  --nints=N         integrations (default 2; imaging and wavefront 1, time-series 20 per segment)
  --ngroups=N       groups per integration (default 8)
  --size=N          a square subarray of N pixels (default: the full frame; of a coronagraph its subarray)
  --readpatt=NAME   readout pattern, for example SHALLOW4
  --cosmic-rays=X   rate of cosmic rays, 1 as in space (default 1)
  --snowballs=X     share of snowballs among them, 1 as in space (default 1)
  --crds            lay the references out as a CRDS cache (CRDS_PATH=FOLDER/crds)
  --seed=N          random seed (default 1)
  -h, --help        this text

of one exposure:
  --zeroframe       include the first frame of each integration

of observations:
  --detectors=LIST  for imaging (default NRCB1): ${Object.keys(DETECTORS).join(", ")};
                    for wavefront one short-wave detector of NIRCam (default NRCA3)
  --filter=NAME --pupil=NAME   the pupil of wavefront is a weak lens: ${WEAK_LENSES.join(", ")}
  --dithers=N       positions, 1 to 9 (default 4)
  --mosaic=CxR      columns and rows of tiles, each with all dithers
  --coronagraph=NAME  ${Object.keys(CORONAGRAPHS).join(", ")} (default: the first)
  --segments=N      of a time series (default 2)
  --miss=X,Y        how many pixels the second exposure of wavefront is off the place that its header says
`;

const OPTIONS = {
  out: { type: "string", default: "." },
  nints: { type: "string" },
  ngroups: { type: "string", default: "8" },
  size: { type: "string" },
  readpatt: { type: "string" },
  zeroframe: { type: "boolean", default: false },
  "cosmic-rays": { type: "string", default: "1" },
  snowballs: { type: "string", default: "1" },
  crds: { type: "boolean", default: false },
  seed: { type: "string", default: "1" },
  detectors: { type: "string" },
  filter: { type: "string" },
  pupil: { type: "string" },
  dithers: { type: "string", default: "4" },
  mosaic: { type: "string" },
  coronagraph: { type: "string", default: Object.keys(CORONAGRAPHS)[0] },
  segments: { type: "string", default: "2" },
  miss: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const satisfies ParseArgsConfig["options"];

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>["values"];

/** Share of a tile of a mosaic that its neighbour covers too. */
const OVERLAP = 0.2;

/** A whole number of at least `low`. */
function count(text: string, name: string, low: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < low)
    throw new UsageError(`--${name}=${text} is not a whole number of at least ${low}`);
  return value;
}

/** How strong an effect is: 0 or more. */
function strength(text: string, name: string): number {
  const value = Number(text);
  if (!(value >= 0)) throw new UsageError(`--${name}=${text} is not a number of at least 0`);
  return value;
}

/** What all kinds have in common. */
function commonOf(values: Values, nints: number) {
  return {
    nints: values.nints === undefined ? nints : count(values.nints, "nints", 1),
    ngroups: count(values.ngroups, "ngroups", 1),
    seed: count(values.seed, "seed", 0),
    effects: {
      cosmicRays: strength(values["cosmic-rays"], "cosmic-rays"),
      snowballs: strength(values.snowballs, "snowballs"),
    },
  };
}

/** The subarray and pattern that were asked for, nothing where the usual ones are to be. */
const readoutOf = ({ size, readpatt }: Values): { size?: number; readpatt?: string } => ({
  ...(size === undefined ? {} : { size: count(size, "size", 8) }),
  ...(readpatt === undefined ? {} : { readpatt }),
});

/** The filter and pupil that were asked for. */
const opticsOf = ({ filter, pupil }: Values): { filter?: string; pupil?: string } => ({
  ...(filter === undefined ? {} : { filter }),
  ...(pupil === undefined ? {} : { pupil }),
});

function missOf(text: string): { x: number; y: number } {
  const [x, y, ...rest] = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (!Number.isFinite(x) || !Number.isFinite(y) || rest.length > 0)
    throw new UsageError(`--miss=${text} is not X,Y in pixels, for example 2.3,-1`, { got: text });
  return { x, y };
}

function mosaicOf(text: string): { columns: number; rows: number; overlap: number } {
  const match = /^(\d+)x(\d+)$/.exec(text);
  if (!match) throw new UsageError(`--mosaic=${text} is not COLUMNSxROWS, for example 2x3`, { got: text });
  return { columns: count(match[1], "mosaic", 1), rows: count(match[2], "mosaic", 1), overlap: OVERLAP };
}

/** Kinds of observations by name. */
const OBSERVATIONS: Readonly<Record<string, (values: Values) => Observation>> = {
  imaging: (values) =>
    imagingObservation({
      ...commonOf(values, 1),
      ...readoutOf(values),
      detectors: (values.detectors ?? "NRCB1").split(","),
      dithers: count(values.dithers, "dithers", 1),
      ...opticsOf(values),
      ...(values.mosaic === undefined ? {} : { mosaic: mosaicOf(values.mosaic) }),
    }),
  coronagraphy: (values) =>
    coronagraphyObservation({ ...commonOf(values, 2), ...readoutOf(values), coronagraph: values.coronagraph }),
  "time-series": (values) => {
    if (values.size !== undefined || values.readpatt !== undefined)
      throw new UsageError("a time series is always taken with SUB64P and RAPID; leave out --size and --readpatt");
    return timeSeriesObservation({ ...commonOf(values, 20), segments: count(values.segments, "segments", 1) });
  },
  wavefront: (values) => {
    const { pupil: lens, ...optics } = opticsOf(values);
    return wavefrontObservation({
      ...commonOf(values, 1),
      ...readoutOf(values),
      ...optics,
      ...(lens === undefined ? {} : { lens }),
      ...(values.detectors === undefined ? {} : { detector: values.detectors }),
      ...(values.miss === undefined ? {} : { error: missOf(values.miss) }),
    });
  },
};

async function observe(observation: Observation, { out, crds }: Values): Promise<void> {
  const written = await writeObservation(observation, {
    folder: out,
    crds,
    onExposure: (_, path) => console.log(`exposure    ${path}`),
  });
  for (const [detector, { references, stage2 }] of Object.entries(written.detectors))
    console.log(`${detector.padEnd(12)}${references}  ${stage2}`);
  console.log(`stage 3     ${written.stage3}\ntruth       ${written.truth}`);
  if (written.crds) console.log(`CRDS cache  CRDS_PATH=${written.crds.path} CRDS_CONTEXT=${written.crds.context}`);
}

async function exposeOnce(kind: string, values: Values): Promise<void> {
  const { ngroups, ...common } = commonOf(values, 2);
  const exposure = simulate(modeOf(kind, readoutOf(values)), { ...common, ngroups, zeroframe: values.zeroframe });
  const written = await writeExposure(exposure, { folder: values.out, ngroups, crds: values.crds });
  console.log(`exposure    ${written.uncal}\nreferences  ${written.references}`);
  if (written.crds) console.log(`CRDS cache  CRDS_PATH=${written.crds.path} CRDS_CONTEXT=${written.crds.context}`);
}

async function main(argv: string[]): Promise<void> {
  if (argv[0] === "program") {
    const { programCommand } = await import("./program.js");
    programCommand(argv.slice(1));
    return;
  }
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (positionals.length !== 1)
    throw new UsageError(`one kind is wanted, got ${positionals.length}; see calwebb-simulate --help`);
  const [kind] = positionals;
  const observation = OBSERVATIONS[kind];
  if (observation) await observe(observation(values), values);
  else await exposeOnce(kind, values);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const usage = error instanceof TypeError && String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS");
  console.error(`calwebb-simulate: ${describeError(error)}`);
  process.exitCode = usage ? 2 : isCalwebbError(error) ? error.exitCode : 1;
});
