#!/usr/bin/env node
import { parseArgs } from "node:util";
import { describeError, isCalwebbError, UsageError } from "@calwebb/errors";
import { simulate } from "../exposure.js";
import { MODES, modeOf } from "../modes.js";
import { writeExposure } from "../write.js";

const HELP = `usage: calwebb-simulate MODE [options]
       calwebb-simulate program NAME [--out=FOLDER]    the association pool of an observing program

Writes a raw exposure (_uncal.fits), the reference files that calibrate it and references.json, which names them.

modes: ${Object.keys(MODES).join(", ")}

  --out=FOLDER      where to (default: .)
  --nints=N         integrations (default 2)
  --ngroups=N       groups per integration (default 8)
  --size=N          a square subarray of N pixels with the reference pixels of one corner (default: the full frame)
  --readpatt=NAME   readout pattern, for example SHALLOW4
  --zeroframe       include the first frame of each integration
  --cosmic-rays=X   rate of cosmic rays, 1 as in space (default 1)
  --snowballs=X     share of snowballs among them, 1 as in space (default 1)
  --crds            lay the references out as a CRDS cache (CRDS_PATH=FOLDER/crds)
  --seed=N          random seed (default 1)
  -h, --help        this text
`;

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

async function main(argv: string[]): Promise<void> {
  if (argv[0] === "program") {
    const { programCommand } = await import("./program.js");
    programCommand(argv.slice(1));
    return;
  }
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      out: { type: "string", default: "." },
      nints: { type: "string", default: "2" },
      ngroups: { type: "string", default: "8" },
      size: { type: "string" },
      readpatt: { type: "string" },
      zeroframe: { type: "boolean", default: false },
      "cosmic-rays": { type: "string", default: "1" },
      snowballs: { type: "string", default: "1" },
      crds: { type: "boolean", default: false },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (positionals.length !== 1)
    throw new UsageError(`one mode is wanted, got ${positionals.length}; see calwebb-simulate --help`);
  const mode = modeOf(positionals[0], {
    size: values.size === undefined ? undefined : count(values.size, "size", 8),
    readpatt: values.readpatt,
  });
  const nints = count(values.nints, "nints", 1);
  const ngroups = count(values.ngroups, "ngroups", 1);
  const exposure = simulate(mode, {
    nints,
    ngroups,
    seed: count(values.seed, "seed", 0),
    zeroframe: values.zeroframe,
    effects: {
      cosmicRays: strength(values["cosmic-rays"], "cosmic-rays"),
      snowballs: strength(values.snowballs, "snowballs"),
    },
  });
  const written = await writeExposure(exposure, { folder: values.out, ngroups, crds: values.crds });
  console.log(`exposure    ${written.uncal}\nreferences  ${written.references}`);
  if (written.crds) console.log(`CRDS cache  CRDS_PATH=${written.crds.path} CRDS_CONTEXT=${written.crds.context}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const usage = error instanceof TypeError && String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS");
  console.error(`calwebb-simulate: ${describeError(error)}`);
  process.exitCode = usage ? 2 : isCalwebbError(error) ? error.exitCode : 1;
});
