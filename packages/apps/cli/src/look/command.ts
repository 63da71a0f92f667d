import { basename, resolve } from "node:path";
import { atomicFileSink, fileSource } from "@calwebb/bytes/node";
import { UsageError } from "@calwebb/errors";
import { openFits } from "@calwebb/fits";
import type { Stretch } from "@calwebb/picture";
import { parseArgs } from "../strun/args.js";
import type { Surroundings } from "../surroundings.js";
import { type Drawn, drawPlane } from "./draw.js";
import { orientationOf } from "./orientation.js";
import { findImage, type Plane, readFlags, readPlane } from "./plane.js";
import { readSources } from "./sources.js";

const STRETCHES = ["asinh", "linear", "log", "sqrt"];

const options = [
  { name: "help", short: "h", help: "Show this help" },
  { name: "out", value: "FILE", help: "Picture to write" },
  { name: "ext", value: "NAME", help: "Extension to look at" },
  { name: "plane", value: "N", help: "Plane of a cube" },
  { name: "stretch", value: "NAME", help: "How values become brightness" },
  { name: "limits", value: "LOW,HIGH", help: "Darkest and brightest value" },
  { name: "dq", help: "Show flagged pixels" },
  { name: "catalog", value: "FILE", help: "Catalog whose sources are circled" },
];

const HELP = `usage: calwebb look FILE [--out=FILE.png] [--ext=NAME] [--plane=N] [--stretch=NAME] [--limits=LOW,HIGH] [--dq] [--catalog=FILE.ecsv]

Write a picture (PNG) of an image or a plane of a cube, with arrows to the north and east where the file says where they are.

  --out=FILE         default: the name of the file with .png, in the working folder
  --ext=NAME         extension, NAME or NAME,VERSION; default: SCI, else the first image
  --plane=N          plane of a cube, from 0; of a ramp INTEGRATION,GROUP; default: the first
  --stretch=NAME     ${STRETCHES.join(", ")}; default: asinh
  --limits=LOW,HIGH  darkest and brightest value; default: zscale
  --dq               red: pixels not to be used; blue: other flags
  --catalog=FILE     circles around the sources of a catalog (ECSV), by pixel, else by sky position
`;

/** @throws {UsageError} for anything but two increasing numbers */
function limitsOf(text: string | undefined): [number, number] | undefined {
  if (text === undefined) return undefined;
  const numbers = text.split(",").map((t) => (t.trim() === "" ? Number.NaN : Number(t)));
  const [low, high] = numbers;
  if (numbers.length === 2 && low < high) return [low, high];
  throw new UsageError(`--limits: got "${text}", wanted LOW,HIGH, two increasing numbers`, { got: text });
}

/** @throws {UsageError} for an unknown stretch */
function stretchOf(text: string | undefined): Stretch {
  if (text === undefined) return "asinh";
  if (STRETCHES.includes(text)) return text as Stretch;
  throw new UsageError(`--stretch: got "${text}", wanted ${STRETCHES.join(", ")}`, { got: text });
}

interface Wanted {
  ext?: string;
  plane?: string;
  stretch: Stretch;
  limits?: [number, number];
  dq: boolean;
  catalog?: string;
}

async function draw(path: string, wanted: Wanted): Promise<{ plane: Plane; drawn: Drawn }> {
  const source = fileSource(path);
  try {
    const file = await openFits(source);
    const hdu = findImage(file, wanted.ext);
    const plane = await readPlane(hdu, wanted.plane);
    const science = file.find("SCI");
    const headers = [hdu.header, ...(science ? [science.header] : []), file.primary.header];
    const orientation = orientationOf(headers);
    const drawn = drawPlane(
      plane,
      { stretch: wanted.stretch, ...(wanted.limits ? { limits: wanted.limits } : {}) },
      {
        ...(orientation ? { orientation } : {}),
        ...(wanted.dq ? { flags: await readFlags(file, plane) } : {}),
        ...(wanted.catalog === undefined ? {} : { sources: await readSources(wanted.catalog, path) }),
      },
    );
    return { plane, drawn };
  } finally {
    await source.close();
  }
}

/** `calwebb look FILE` */
export async function lookCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const args = parseArgs(argv, options);
  if (args.options["help"]) {
    surroundings.out(HELP);
    return 0;
  }
  if (args.target === undefined) throw new UsageError("which file? calwebb look FILE");
  if (args.parameters.length > 0) throw new UsageError(`calwebb look has no option --${args.parameters[0][0]}`);
  if (args.inputs.length > 0)
    throw new UsageError(`calwebb look takes one file, got ${args.inputs.length + 1}`, { got: args.inputs.join(" ") });
  const text = (name: string): string | undefined => args.options[name] as string | undefined;
  const wanted: Wanted = {
    ext: text("ext"),
    plane: text("plane"),
    stretch: stretchOf(text("stretch")),
    limits: limitsOf(text("limits")),
    dq: args.options["dq"] === true,
    catalog: text("catalog") === undefined ? undefined : resolve(surroundings.cwd, text("catalog") as string),
  };
  const { plane, drawn } = await draw(resolve(surroundings.cwd, args.target), wanted);
  const out = text("out") ?? `${basename(args.target).replace(/(\.fits?)?(\.gz)?$/i, "")}.png`;
  const sink = await atomicFileSink(resolve(surroundings.cwd, out));
  try {
    await sink.write(drawn.png, 0);
    await sink.commit();
  } catch (cause) {
    await sink.abort();
    throw cause;
  }
  const { hdu, index } = plane;
  const shown = `${hdu.name || "PRIMARY"}${hdu.shape.length > 2 ? ` plane ${index}` : ""}`;
  const [low, high] = drawn.limits.map((v) => Number(v.toPrecision(6)));
  surroundings.out(`${out}: ${shown}, ${drawn.width} x ${drawn.height}, ${low} to ${high}\n`);
  return 0;
}
