import { type ImageModel, type Model, type ModelContainer, tableFrom } from "@calwebb/datamodels";
import { writeEcsv } from "@calwebb/ecsv";
import { isCalwebbError, ValidationError } from "@calwebb/errors";
import { sipOptions } from "@calwebb/step-parameters";
import type { ParamsOf, ProcessOf } from "@calwebb/stpipe";
import { setWcs, sRegionOf, updateFitsWcsinfo, type Wcs, wcsOf } from "@calwebb/wcs";
import { align, type Exposure, largestMove } from "./align.js";
import {
  type Columns,
  customCatalogs,
  pixelCatalog,
  refuseNetwork,
  skyCatalog,
  tableColumns,
  textColumns,
} from "./catalogs.js";
import { Corrector } from "./corrector.js";
import { detectAll } from "./detect.js";
import type { PixelCatalog } from "./kernel/detect.js";
import type { MatchOptions } from "./kernel/match.js";
import type { TweakRegStep } from "./step.js";

type Params = ParamsOf<typeof TweakRegStep>;
type Context = Parameters<ProcessOf<typeof TweakRegStep>>[1];

const failed = (why: string) => ({ skip: why, status: "FAILED" }) as const;

/** Align exposures, in place. */
export const process: ProcessOf<typeof TweakRegStep> = async (input, ctx) => {
  const { params } = ctx;
  const container = input as ModelContainer;
  const models = [...container];
  if (models.length === 0) throw new ValidationError("the association has no exposures");
  const absolute = params.abs_refcat.trim() !== "" && params.abs_refcat.trim() !== "None";
  if (absolute) refuseNetwork(params.abs_refcat);
  const groups = container.groups;
  if (!absolute && groups.size < 2 && !params.save_catalogs) return failed("there are no two exposures to align");
  const exposures = await exposuresOf(container, ctx);
  let aligned = false;
  if (groups.size > 1) aligned = alignRelative(exposures, params, absolute, ctx);
  if (absolute) {
    if (!(await alignAbsolute(exposures, params, ctx)))
      return failed("the exposures cannot be aligned with abs_refcat");
  } else if (!aligned) return failed("the exposures cannot be aligned with each other");
  for (const [i, model] of models.entries())
    if (exposures[i].status === "success") store(model as ImageModel, exposures[i].corrector.wcs, ctx, absolute);
  return container;
};

/**
 * How catalogs are matched, or why they cannot be told apart.
 * @throws {ValidationError} for lengths and clipping limits that are not positive
 */
function matchOptions(p: Params, prefix: "" | "abs_"): MatchOptions | string {
  const [searchRadius, separation, tolerance] = (["searchrad", "separation", "tolerance", "sigma"] as const).map(
    (name) => {
      const value = p[`${prefix}${name}`];
      if (!(value > 0))
        throw new ValidationError(`${prefix}${name} must be positive`, {
          where: `${prefix}${name}`,
          got: String(value),
        });
      return value;
    },
  );
  if (separation <= Math.SQRT2 * tolerance)
    return `${prefix}separation (${separation}) must be more than sqrt(2) times ${prefix}tolerance (${tolerance}): sources would be confused`;
  const histogram = p[`${prefix}use2dhist`];
  const [xoffset, yoffset] = prefix === "" ? [p.xoffset, p.yoffset] : [0, 0];
  return { searchRadius, separation, tolerance, histogram, xoffset, yoffset };
}

async function exposuresOf(container: ModelContainer, ctx: Context): Promise<Exposure[]> {
  const { params, log } = ctx;
  const catfile = params.catfile.trim();
  let custom = params.use_custom_catalogs
    ? customCatalogs(catfile === "" ? undefined : { name: catfile, text: await ctx.readText(catfile) }, container)
    : undefined;
  if (catfile !== "" && custom?.size === 0) {
    log.warn(`${catfile} names no exposure: the sources of all are searched for`);
    custom = undefined;
  }
  const groupOf = new Map<Model, string>();
  for (const [name, members] of container.groups) for (const member of members) groupOf.set(member, name);
  const members = [...container].map((model) => {
    const image = model as ImageModel;
    const file = image.meta.filename ?? "exposure.fits";
    const wcs = wcsOf(image);
    if (!wcs)
      throw new ValidationError(`${file} has no world coordinates: run assign_wcs first`, { file, where: "meta.wcs" });
    const stored = image.get("meta.tweakreg_catalog");
    const name = custom && (custom.has(file) ? custom.get(file) : typeof stored === "string" ? stored : undefined);
    return { image, file, wcs, name };
  });
  const searched = members.filter(({ name }) => !name).map(({ image }) => image);
  const detected = await detectAll(searched, ctx);
  const out: Exposure[] = [];
  for (const { image, file, wcs, name } of members) {
    const all = name ? pixelCatalog(await columnsOf(name, ctx), name) : detected[searched.indexOf(image)];
    if (name) image.set("meta.tweakreg_catalog", name);
    const sources = inside(all, wcs);
    log.info(`${file}: ${sources.x.length} sources`);
    if (params.save_catalogs && !name) image.set("meta.tweakreg_catalog", await saveCatalog(sources, file, ctx));
    const { v2_ref: v2, v3_ref: v3, roll_ref: roll } = image.meta.wcsinfo;
    if (typeof v2 !== "number" || typeof v3 !== "number" || typeof roll !== "number")
      throw new ValidationError(`${file} lacks V2_REF, V3_REF or ROLL_REF`, { file, where: "meta.wcsinfo" });
    out.push({
      name: file,
      group: groupOf.get(image) ?? file,
      x: Float64Array.from(sources.x),
      y: Float64Array.from(sources.y),
      ...(sources.weight ? { weight: Float64Array.from(sources.weight) } : {}),
      corrector: new Corrector(wcs, { v2, v3, roll }),
      status: "none",
    });
  }
  return out;
}

/** The columns of a catalog in a file: a FITS table by its name, else text. */
async function columnsOf(name: string, ctx: Context): Promise<Columns> {
  if (/\.fits?(\.gz)?$/i.test(name)) return tableColumns(await ctx.readTable(name));
  return textColumns(await ctx.readText(name), name);
}

/** Sources inside the bounding box. */
function inside({ id, x, y, flux, weight }: PixelCatalog, wcs: Wcs): PixelCatalog {
  const box = wcs.boundingBox;
  if (!box) return { id, x, y, flux, weight };
  const [x0, x1] = box.at(0);
  const [y0, y1] = box.at(1);
  const kept = x.map((_, i) => i).filter((i) => x[i] > x0 && x[i] < x1 && y[i] > y0 && y[i] < y1);
  const pick = (v: number[]): number[] => kept.map((i) => v[i]);
  return { id: pick(id), x: pick(x), y: pick(y), flux: pick(flux), weight: weight && pick(weight) };
}

async function saveCatalog({ id, x, y, flux }: PixelCatalog, file: string, ctx: Context): Promise<string> {
  const { catalog_format: format } = ctx.params;
  const name = file.replace(/(?:\.fits)?$/, `_cat.${format}`);
  const title = file.replace(/\.fits$/, "");
  const naming = { name, suffix: false, ext: format, parts: [] } as const;
  let path: string;
  if (format === "ecsv") {
    const columns = [
      { name: "id", type: "int64", values: id },
      ...Object.entries({ x, y, flux }).map(([key, values]) => ({ name: key, type: "float64", values }) as const),
    ] as const;
    path = await ctx.saveText(writeEcsv({ columns: [...columns], meta: { name: title } }), naming);
  } else if (format === "fits") {
    const doubles = Object.entries({ x, y, flux }).map(([key, v]) => [key, Float64Array.from(v)] as const);
    const table = tableFrom({ id: BigInt64Array.from(id, BigInt), ...Object.fromEntries(doubles) });
    path = await ctx.saveTable(table, { ...naming, cards: { NAME: title } });
  } else
    throw new ValidationError(`catalogs are written as ecsv or fits, not as ${format}`, {
      where: "catalog_format",
      got: format,
      wanted: "ecsv, fits",
    });
  return path.replace(/^.*[\\/]/, "");
}

function alignRelative(exposures: Exposure[], p: Params, absolute: boolean, { log }: Context): boolean {
  const match = matchOptions(p, "");
  const problem =
    typeof match === "string"
      ? match
      : align(
          exposures,
          undefined,
          {
            match,
            geometry: p.fitgeometry,
            least: p.minobj,
            rounds: p.nclip,
            sigma: p.sigma,
            userOrder: p.enforce_user_order,
            expand: p.expand_refcat || absolute,
          },
          log,
        );
  if (problem !== undefined) {
    log.warn(problem);
    return false;
  }
  const start = p.use2dhist ? p.searchrad : Math.max(Math.abs(p.xoffset), Math.abs(p.yoffset));
  const limit = 2 * (start + p.tolerance);
  const move = largestMove(exposures);
  if (move < limit) return true;
  log.warn(
    `exposures would move by ${move.toFixed(2)} arcsec, more than ${limit.toFixed(2)}: they are not aligned with each other`,
  );
  return false;
}

/** @returns whether that was possible */
async function alignAbsolute(exposures: Exposure[], p: Params, ctx: Context): Promise<boolean> {
  const { log } = ctx;
  const match = matchOptions(p, "abs_");
  if (typeof match === "string") {
    log.warn(match);
    return false;
  }
  const catalog = skyCatalog(await columnsOf(p.abs_refcat, ctx), p.abs_refcat);
  if (p.save_abs_catalog) log.info(`${p.abs_refcat} is a file already: no copy of it is saved`);
  if (catalog.rows < p.abs_minobj) {
    log.warn(`abs_refcat has ${catalog.rows} sources, fewer than abs_minobj = ${p.abs_minobj}`);
    return false;
  }
  const together = exposures.map((e): Exposure => ({ ...e, group: "all", status: "none" }));
  const problem = align(
    together,
    catalog,
    {
      match,
      geometry: p.abs_fitgeometry,
      least: p.abs_minobj,
      rounds: p.abs_nclip,
      sigma: p.abs_sigma,
      userOrder: true,
      expand: false,
    },
    log,
  );
  if (problem !== undefined) log.warn(problem);
  for (const [i, e] of together.entries()) exposures[i].status = e.status;
  return problem === undefined;
}

/** Put the corrected WCS and what follows from it into a model. */
function store(image: ImageModel, wcs: Wcs, { params: p, log }: Context, absolute: boolean): void {
  if (absolute) wcs.name = `FIT-LVL3-${p.abs_refcat}`;
  setWcs(image, wcs);
  const region = sRegionOf(wcs, { shape: image.shape });
  if (region !== undefined) image.set("meta.wcsinfo.s_region", region);
  if (!p.sip_approx) return;
  try {
    updateFitsWcsinfo(image, sipOptions(p));
  } catch (error) {
    if (!isCalwebbError(error)) throw error;
    log.warn(`no SIP approximation: ${error.message}`);
  }
}
