import type { ImageModel, Model, ModelContainer } from "@calwebb/datamodels";
import { writeEcsv } from "@calwebb/ecsv";
import { isCalwebbError, ValidationError } from "@calwebb/errors";
import { sipOptions } from "@calwebb/step-parameters";
import type { ParamsOf, ProcessOf } from "@calwebb/stpipe";
import { setWcs, sRegionOf, updateFitsWcsinfo, type Wcs, wcsOf } from "@calwebb/wcs";
import { align, type Exposure, largestMove, type SkyCatalog } from "./align.js";
import {
  customCatalogs,
  detect,
  type PixelCatalog,
  parsePixelCatalog,
  parseSkyCatalog,
  refuseNetwork,
} from "./catalogs.js";
import { Corrector } from "./corrector.js";
import type { TweakRegStep } from "./step.js";

type Params = ParamsOf<typeof TweakRegStep>;
type Context = Parameters<ProcessOf<typeof TweakRegStep>>[1];

/** Align exposures, in place. */
export const process: ProcessOf<typeof TweakRegStep> = async (input, ctx) => {
  const { params } = ctx;
  const container = input as ModelContainer;
  const models = [...container];
  if (models.length === 0) throw new ValidationError("the association has no exposures");
  const absolute = params.abs_refcat.trim() !== "" && params.abs_refcat.trim() !== "None";
  if (absolute) refuseNetwork(params.abs_refcat);
  checkSeparation(params, absolute);
  const groups = container.groups;
  if (!absolute && groups.size < 2 && !params.save_catalogs) return { skip: "there are no two exposures to align" };
  const exposures = await exposuresOf(container, ctx);
  let aligned = false;
  if (groups.size > 1) aligned = alignRelative(exposures, params, absolute, ctx);
  if (absolute) {
    const catalog = parseSkyCatalog(await ctx.readText(params.abs_refcat), params.abs_refcat);
    if (params.save_abs_catalog) await saveSky(catalog, ctx);
    if (!alignAbsolute(exposures, catalog, params, ctx))
      return { skip: "the exposures cannot be aligned with abs_refcat" };
  } else if (!aligned) return { skip: "the exposures cannot be aligned with each other" };
  for (const [i, model] of models.entries())
    if (exposures[i].status === "success") store(model as ImageModel, exposures[i].corrector.wcs, ctx, absolute);
  return container;
};

/** @throws {ValidationError} when sources could be taken for one another */
function checkSeparation(p: Params, absolute: boolean): void {
  for (const [separation, tolerance, prefix] of [
    [p.separation, p.tolerance, ""],
    [p.abs_separation, p.abs_tolerance, "abs_"],
  ] as const) {
    if ((prefix !== "" && !absolute) || separation > Math.SQRT2 * tolerance) continue;
    throw new ValidationError(
      `${prefix}separation (${separation}) must be more than sqrt(2) times ${prefix}tolerance (${tolerance}): sources would be confused`,
      { where: `${prefix}separation` },
    );
  }
}

async function exposuresOf(container: ModelContainer, ctx: Context): Promise<Exposure[]> {
  const { params, log } = ctx;
  const catfile = params.catfile.trim();
  const custom = params.use_custom_catalogs
    ? customCatalogs(catfile === "" ? undefined : await ctx.readText(catfile), container)
    : undefined;
  const groupOf = new Map<Model, string>();
  for (const [name, members] of container.groups) for (const member of members) groupOf.set(member, name);
  const out: Exposure[] = [];
  for (const model of container) {
    const image = model as ImageModel;
    const file = image.meta.filename ?? "exposure.fits";
    const wcs = wcsOf(image);
    if (!wcs)
      throw new ValidationError(`${file} has no world coordinates: run assign_wcs first`, { file, where: "meta.wcs" });
    const stored = image.get("meta.tweakreg_catalog");
    const name = custom && (custom.has(file) ? custom.get(file) : typeof stored === "string" ? stored : undefined);
    if (!name) await image.load("data", "dq");
    const all = name ? parsePixelCatalog(await ctx.readText(name), name) : detect(image, params);
    if (name) image.set("meta.tweakreg_catalog", name);
    const sources = inside(all, wcs);
    log.info(`${file}: ${sources.x.length} sources`);
    if (params.save_catalogs && !name) image.set("meta.tweakreg_catalog", await saveCatalog(sources, file, ctx));
    const { v2_ref: v2, v3_ref: v3, roll_ref: roll } = image.meta.wcsinfo;
    if (typeof v2 !== "number" || typeof v3 !== "number" || typeof roll !== "number")
      throw new ValidationError(`${file} lacks V2_REF, V3_REF or ROLL_REF`, { file, where: "meta.wcsinfo" });
    out.push({
      name: file,
      group: groupOf.get(model) ?? file,
      x: Float64Array.from(sources.x),
      y: Float64Array.from(sources.y),
      corrector: new Corrector(wcs, { v2, v3, roll }),
      status: "none",
    });
  }
  return out;
}

/** Sources inside the bounding box. */
function inside({ id, x, y, flux }: PixelCatalog, wcs: Wcs): PixelCatalog {
  const box = wcs.boundingBox;
  if (!box) return { id, x, y, flux };
  const [x0, x1] = box.at(0);
  const [y0, y1] = box.at(1);
  const kept = x.map((_, i) => i).filter((i) => x[i] > x0 && x[i] < x1 && y[i] > y0 && y[i] < y1);
  const pick = (v: number[]): number[] => kept.map((i) => v[i]);
  return { id: pick(id), x: pick(x), y: pick(y), flux: pick(flux) };
}

async function saveCatalog(sources: PixelCatalog, file: string, ctx: Context): Promise<string> {
  const format = ctx.params.catalog_format;
  if (format !== "ecsv")
    throw new ValidationError(`catalogs are written as ecsv, not as ${format}`, {
      where: "catalog_format",
      wanted: "ecsv",
    });
  const text = writeEcsv({
    columns: [
      { name: "id", type: "int64", values: sources.id },
      { name: "x", type: "float64", values: sources.x },
      { name: "y", type: "float64", values: sources.y },
      { name: "flux", type: "float64", values: sources.flux },
    ],
    meta: { name: file.replace(/\.fits$/, "") },
  });
  const path = await ctx.saveText(text, {
    name: file.replace(/(?:\.fits)?$/, "_cat.ecsv"),
    suffix: false,
    ext: "ecsv",
    parts: [],
  });
  return path.replace(/^.*[\\/]/, "");
}

async function saveSky({ ra, dec }: SkyCatalog, ctx: Context): Promise<void> {
  const base = ctx.params.abs_refcat.replace(/^.*[\\/]/, "").toLowerCase();
  const text = writeEcsv({
    columns: [
      { name: "RA", type: "float64", values: ra },
      { name: "DEC", type: "float64", values: dec },
    ],
  });
  await ctx.saveText(text, { name: `fit_${base}_ref.ecsv`, suffix: false, ext: "ecsv", parts: [] });
}

function alignRelative(exposures: Exposure[], p: Params, absolute: boolean, { log }: Context): boolean {
  const done = align(
    exposures,
    undefined,
    {
      match: {
        searchRadius: p.searchrad,
        separation: p.separation,
        tolerance: p.tolerance,
        histogram: p.use2dhist,
        xoffset: p.xoffset,
        yoffset: p.yoffset,
      },
      geometry: p.fitgeometry,
      least: p.minobj,
      rounds: p.nclip,
      sigma: p.sigma,
      userOrder: p.enforce_user_order,
      expand: p.expand_refcat || absolute,
    },
    log,
  );
  if (!done) {
    log.warn("fewer than two exposures have sources");
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

function alignAbsolute(exposures: Exposure[], catalog: SkyCatalog, p: Params, { log }: Context): boolean {
  if (catalog.ra.length < p.abs_minobj) {
    log.warn(`abs_refcat has ${catalog.ra.length} sources, fewer than abs_minobj = ${p.abs_minobj}`);
    return false;
  }
  const together = exposures.map((e) => ({ ...e, group: "all" }));
  const done = align(
    together,
    catalog,
    {
      match: {
        searchRadius: p.abs_searchrad,
        separation: p.abs_separation,
        tolerance: p.abs_tolerance,
        histogram: p.abs_use2dhist,
        xoffset: 0,
        yoffset: 0,
      },
      geometry: p.abs_fitgeometry,
      least: p.abs_minobj,
      rounds: p.abs_nclip,
      sigma: p.abs_sigma,
      userOrder: true,
      expand: false,
    },
    log,
  );
  for (const [i, e] of together.entries()) exposures[i].status = e.status;
  return done;
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
