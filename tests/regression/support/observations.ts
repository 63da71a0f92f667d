import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileSource } from "@calwebb/bytes/node";
import { Coron3Pipeline } from "@calwebb/coron3";
import { readReferenceSet } from "@calwebb/crds/node";
import { type ImageModel, type Model, openModel } from "@calwebb/datamodels";
import { Detector1Pipeline } from "@calwebb/detector1";
import { readEcsv } from "@calwebb/ecsv";
import { Image2Pipeline } from "@calwebb/image2";
import { Image3Pipeline } from "@calwebb/image3";
import {
  type Observation,
  type SimulatedExposure,
  type WrittenObservation,
  writeObservation,
} from "@calwebb/simulator";
import { Tso3Pipeline } from "@calwebb/tso3";
import { WfsCombineStep } from "@calwebb/wfs-combine";

/** Columns of a table by name. */
export type Columns = Readonly<Record<string, (number | string)[]>>;

/** An observation on its way through the pipelines, in a folder. */
export class Reduction {
  readonly folder: string;
  readonly exposures: readonly SimulatedExposure[];
  readonly written: WrittenObservation;
  private readonly type: Observation["type"];

  private constructor(
    folder: string,
    exposures: readonly SimulatedExposure[],
    written: WrittenObservation,
    type: Observation["type"],
  ) {
    this.folder = folder;
    this.exposures = exposures;
    this.written = written;
    this.type = type;
  }

  /** Write an observation, and run stages 1 and 2 on it. */
  static async of(
    observation: Observation,
    folder: string,
    stage1: Readonly<Record<string, unknown>> = {},
  ): Promise<Reduction> {
    const exposures: SimulatedExposure[] = [];
    const written = await writeObservation(observation, { folder, onExposure: (e) => exposures.push(e) });
    const reduction = new Reduction(folder, exposures, written, observation.type);
    for (const { uncal, references, stage2 } of Object.values(written.detectors)) {
      const options = { resolver: await readReferenceSet(references) };
      const save = { output_dir: folder, save_results: true };
      for (const raw of uncal) await Detector1Pipeline.call(raw, { ...save, ...stage1 } as never, options);
      await Image2Pipeline.call(stage2, save, options);
    }
    return reduction;
  }

  /** Run the pipeline of stage 3. @param steps - parameters of its steps; of wavefront sensing its own */
  async stage3(steps: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const [{ references }] = Object.values(this.written.detectors);
    const options = { resolver: await readReferenceSet(references) };
    const params = { output_dir: this.folder, save_results: true, steps } as never;
    if (this.type === "coron3") await Coron3Pipeline.call(this.written.stage3, params, options);
    else if (this.type === "tso3") await Tso3Pipeline.call(this.written.stage3, params, options);
    else if (this.type === "wfs-image3")
      await WfsCombineStep.call(this.written.stage3, {
        output_dir: this.folder,
        save_results: true,
        ...steps,
      } as never);
    else await Image3Pipeline.call(this.written.stage3, params, options);
  }

  /** Path of a product of an exposure; exposures count from 0. */
  path(exposure: number, suffix: string): string {
    return join(this.folder, this.exposures[exposure].fileName.replace("_uncal", `_${suffix}`));
  }

  /** A loaded product of an exposure. */
  open(exposure: number, suffix: string): Promise<ImageModel> {
    return loaded(this.path(exposure, suffix));
  }

  /** Path of a product of stage 3. */
  combined(suffix: string): string {
    const found = readdirSync(this.folder).find(
      (name) => name.startsWith("jw01234-o001_t001") && name.endsWith(suffix),
    );
    if (found === undefined) throw new Error(`no ${suffix} in ${basename(this.folder)}`);
    return join(this.folder, found);
  }
}

/** A product with all of its arrays. */
export async function loaded<T extends Model = ImageModel>(path: string): Promise<T> {
  const model = (await openModel(fileSource(path))) as T;
  await model.load();
  return model;
}

/** The columns of an ECSV table. */
export function columnsOf(path: string): Columns {
  const { columns } = readEcsv(readFileSync(path, "utf8"), path);
  return Object.fromEntries(
    columns.map(({ name, values }) => [name, Array.from(values, (v) => (typeof v === "string" ? v : Number(v)))]),
  );
}

/** Distance of two places on the sky that are close to each other [arcsec]. */
export const apart = (ra1: number, dec1: number, ra2: number, dec2: number): number =>
  3600 * Math.hypot((ra1 - ra2) * Math.cos((dec1 * Math.PI) / 180), dec1 - dec2);

export const median = (values: Iterable<number>): number => {
  const sorted = [...values].filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
};
