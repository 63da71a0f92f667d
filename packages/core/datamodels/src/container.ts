import { ValidationError } from "@calwebb/errors";
import { DataModel } from "./data-model.js";
import type { MultiExposureModel, SlitModel } from "./generated/types.js";
import type { Model } from "./model.js";
import { modelInfo } from "./schema/decode.js";
import { isTreeObject, type TreeObject } from "./tree/types.js";

/** A member of an association's product. */
export interface AssociationMember {
  expname: string;
  exptype: string;
  tweakreg_catalog?: string;
  group_id?: string | number | null;
}

/** As much of an association as a container needs. */
export interface AssociationLike {
  asn_pool?: string;
  products: readonly { name?: string; members: readonly AssociationMember[] }[];
}

const GROUP_PARTS = [
  "program_number",
  "observation_number",
  "visit_number",
  "visit_group",
  "sequence_id",
  "activity_id",
  "exposure_number",
] as const;

/**
 * The group that an exposure belongs to: those of one group were taken at the same time by different detectors.
 * `meta.group_id` when it is set, else made of the observation's identifiers; undefined when one of them is missing.
 */
export function groupIdOf(model: Model): string | undefined {
  const set = model.get("meta.group_id");
  if (set !== undefined && set !== null && set !== "") return String(set);
  const parts = GROUP_PARTS.map((name) => model.meta.observation[name]);
  if (parts.some((p) => p === undefined)) return undefined;
  const [program, observation, visit, group, sequence, activity, exposure] = parts;
  return `jw${program}${observation}${visit}_${group}${sequence}${activity}_${exposure}`;
}

/** A list of models that belong together, as the members of an association do. */
export class ModelContainer implements Iterable<Model> {
  readonly modelType: string = "ModelContainer";
  private readonly list: Model[];
  /** The association that the models come from. */
  asnTable: AssociationLike | undefined;
  asnTableName: string | undefined;

  constructor(models: Iterable<Model> = []) {
    this.list = [...models];
  }

  /**
   * Open the members of an association's first product and note their types in `meta.asn`.
   * @param open - opens a member by the name that the association gives it
   * @param options.exptypes - only members of these types, case-insensitive
   * @param options.limit - at most so many members
   */
  static async fromAssociation(
    asn: AssociationLike,
    open: (expname: string) => Promise<Model>,
    options: { exptypes?: readonly string[]; limit?: number; tableName?: string } = {},
  ): Promise<ModelContainer> {
    const product = asn.products[0];
    if (product === undefined) throw new ValidationError("the association has no products");
    const wanted = options.exptypes?.map((t) => t.toLowerCase());
    const members = product.members
      .filter((m) => wanted === undefined || wanted.includes(m.exptype.toLowerCase()))
      .slice(0, options.limit);
    const out = new ModelContainer();
    try {
      for (const member of members) {
        const model = await open(member.expname);
        out.append(model);
        const { asn: meta } = model.meta;
        meta.exptype = member.exptype;
        if (options.tableName !== undefined) meta.table_name = options.tableName;
        if (asn.asn_pool !== undefined) meta.pool_name = asn.asn_pool;
        if (member.group_id !== undefined) model.set("meta.group_id", member.group_id ?? undefined);
        const catalog = member.tweakreg_catalog?.trim();
        if (member.tweakreg_catalog !== undefined) model.set("meta.tweakreg_catalog", catalog || undefined);
      }
    } catch (error) {
      await out.close();
      throw error;
    }
    out.asnTable = structuredClone(asn) as AssociationLike;
    out.asnTableName = options.tableName;
    return out;
  }

  get length(): number {
    return this.list.length;
  }

  at(index: number): Model | undefined {
    return this.list.at(index);
  }

  append(model: Model): void {
    this.list.push(model);
  }

  insert(index: number, model: Model): void {
    this.list.splice(index, 0, model);
  }

  replace(index: number, model: Model): void {
    if (index < 0 || index >= this.list.length)
      throw new ValidationError(`no model ${index} in a list of ${this.length}`);
    this.list[index] = model;
  }

  remove(index: number): void {
    this.list.splice(index, 1);
  }

  map<R>(fn: (model: Model, index: number) => R): R[] {
    return this.list.map(fn);
  }

  [Symbol.iterator](): Iterator<Model> {
    return this.list[Symbol.iterator]();
  }

  /** Models by group, in the order in which the groups first appear. Models without identifiers are groups of their own. */
  get groups(): Map<string, Model[]> {
    const out = new Map<string, Model[]>();
    this.list.forEach((model, i) => {
      const id = groupIdOf(model) ?? `exposure${String(i + 1).padStart(4, "0")}`;
      model.set("meta.group_id", id);
      const group = out.get(id);
      if (group === undefined) out.set(id, [model]);
      else group.push(model);
    });
    return out;
  }

  get modelsGrouped(): Model[][] {
    return [...this.groups.values()];
  }

  get groupNames(): string[] {
    return [...this.groups.keys()];
  }

  /** Positions of the models of an association type; models that do not say count as "science". */
  indexesOfType(exptype: string): number[] {
    const wanted = exptype.toLowerCase();
    return this.list.flatMap((m, i) => ((m.meta.asn.exptype ?? "science").toLowerCase() === wanted ? [i] : []));
  }

  /** The value of a dotted path in every model. */
  values(path: string): unknown[] {
    return this.list.map((m) => m.get(path));
  }

  clone(): ModelContainer {
    const out = new ModelContainer(this.list.map((m) => m.clone()));
    out.asnTable = this.asnTable;
    out.asnTableName = this.asnTableName;
    return out;
  }

  async close(): Promise<void> {
    await Promise.all(this.list.map((m) => m.close()));
  }
}

/** The exposures of one source as slit models that share their content with the multi-exposure product. */
export class SourceModelContainer extends ModelContainer {
  override readonly modelType: string = "SourceModelContainer";
  readonly multiExposure: MultiExposureModel;

  constructor(product: MultiExposureModel) {
    const info = modelInfo("SlitModel")!;
    const exposures = product.tree.exposures;
    const trees = Array.isArray(exposures) ? exposures.filter(isTreeObject) : [];
    super(trees.map((tree) => new DataModel(info, tree as TreeObject, {}) as unknown as SlitModel));
    this.multiExposure = product;
  }
}
