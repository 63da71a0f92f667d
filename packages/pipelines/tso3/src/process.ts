import type { Model, ModelContainer } from "@calwebb/datamodels";
import { type EcsvColumn, type EcsvTable, writeEcsv } from "@calwebb/ecsv";
import { ValidationError } from "@calwebb/errors";
import type { PipelineContext, PipelineProcess } from "@calwebb/stpipe";
import type { Tso3Types } from "./pipeline.js";

type Context = PipelineContext<Tso3Types["params"], Tso3Types["steps"]>;

const TIME_SERIES = ["NRC_TSIMAGE", "NRC_TSGRISM", "NRS_BRIGHTOBJ"];
const IMAGES = ["NRC_TSIMAGE", "MIR_IMAGE"];

/** Whether an exposure is a time series: marked so or of such a type, with more than one integration. */
function isTimeSeries({ meta }: Model): boolean {
  if (typeof meta.exposure.nints === "number" && meta.exposure.nints < 2) return false;
  return meta.visit.tsovisit === true || TIME_SERIES.includes(String(meta.exposure.type));
}

/**
 * The rows of several tables in one, which has the columns and metadata of all of them; where metadata differ, those of the last table.
 * A table without one of the columns has NaN there.
 */
export function stackTables(tables: readonly EcsvTable[]): EcsvTable {
  const columnsOf = (table: EcsvTable): EcsvColumn[] => table.columns.filter((c): c is EcsvColumn => "values" in c);
  const first = new Map<string, EcsvColumn>();
  for (const column of tables.flatMap(columnsOf)) if (!first.has(column.name)) first.set(column.name, column);
  const columns = [...first.values()].map((column) => {
    const values = tables.flatMap((table) => {
      const rows = columnsOf(table)[0]?.values.length ?? 0;
      const own = columnsOf(table).find(({ name }) => name === column.name);
      return own ? Array.from(own.values) : new Array<number>(rows).fill(Number.NaN);
    });
    return { ...column, values };
  });
  const rows = columns[0]?.values.length ?? 0;
  return { columns, meta: { ...Object.assign({}, ...tables.map((t) => t.meta)), number_of_integrations: rows } };
}

/** Flag the outliers of a segment and save it. */
async function flagOutliers(cube: Model, { run, steps, log, saveModel, asnId }: Context): Promise<Model> {
  const before = cube.meta.filename ?? undefined;
  // A step that stands in for the usual one need not have modes.
  const mode = "mode" in steps.outlier_detection.params ? { mode: "tso" } : {};
  const flagged = (await run.outlier_detection(cube, mode as never)) as Model;
  if (flagged.meta.cal_step.outlier_detection !== "COMPLETE") return flagged;
  log.info("saving the segment with its outliers flagged");
  // The name may have the association's identifier already.
  const name = asnId === undefined ? before : before?.replace(`_${asnId}`, "");
  await saveModel(flagged, { name, suffix: "crfints", parts: [asnId] });
  flagged.meta.filename = name;
  return flagged;
}

/** Flag outliers in each segment, then measure the source in all of them. */
export const process: PipelineProcess<Tso3Types["input"], Tso3Types["params"], Tso3Types["steps"]> = async (
  input,
  ctx,
) => {
  const { log, run } = ctx;
  log.info("Starting calwebb_tso3");
  const container = input as unknown as ModelContainer;
  // Exposures given without an association are all of the time series.
  const segments = container.asnTable
    ? container.indexesOfType("science").map((i) => container.at(i) as Model)
    : [...container];
  const [first] = segments;
  if (first === undefined)
    throw new ValidationError("the association has no members of the type science", {
      where: "exptype",
      wanted: "science",
    });
  // Everything that the pipeline makes is a file that it has written by then.
  ctx.resultsAreSaved();
  if (!isTimeSeries(first)) {
    log.error("the exposures are not a time series: nothing is made of them");
    return input;
  }
  const type = String(first.meta.exposure.type);
  if (!IMAGES.includes(type))
    throw new ValidationError(`calwebb_tso3 measures images only: it does not extract spectra from ${type} exposures`, {
      got: type,
      wanted: IMAGES.join(" or "),
    });
  const product = container.asnTable?.products[0]?.name;
  if (product !== undefined) ctx.nameProducts(product);

  // All segments are saved before the first is measured: a failing measurement costs no segment.
  const cubes: Model[] = [];
  for (const segment of segments) {
    const { shape } = segment as Model & { shape: readonly number[] };
    if (shape.length < 3) log.warn("the exposure is one image: there are no integrations to find outliers among");
    cubes.push(shape.length < 3 ? segment : await flagOutliers(segment, ctx));
  }
  const tables: EcsvTable[] = [];
  for (const cube of cubes) {
    const result = (await run.tso_photometry(cube)) as unknown;
    if (result !== null && typeof result === "object" && "columns" in result) tables.push(result as EcsvTable);
  }
  if (tables.length === 0) {
    log.warn("tso_photometry was left out: there is no table");
    return input;
  }
  const path = await ctx.saveText(writeEcsv(stackTables(tables)), { suffix: "phot", ext: "ecsv" });
  log.info(`wrote the table ${path}`);
  log.info("Ending calwebb_tso3");
  return input;
};
