import { MODELS, NODES } from "../generated/tables.js";
import type { Model } from "../model.js";

/** A mapping with named members. */
export interface ObjectSchema {
  readonly kind: "object";
  /** Its keywords are preceded by three blank cards in a header. */
  readonly titled: boolean;
  /** Members in the order in which a header lists them. */
  readonly names: readonly string[];
  child(name: string): SchemaNode | undefined;
}

/** A list of mappings of one kind; item number i lives in the HDUs with EXTVER i + 1. */
export interface ListSchema {
  readonly kind: "list";
  readonly item: ObjectSchema;
}

export interface ArraySchema {
  readonly kind: "array";
  readonly hdu: string;
  readonly datatype: string;
  readonly ndim?: number;
  readonly maxNdim?: number;
  /** Value of the elements of an array made by default; absent: the array stays absent until it is assigned. */
  readonly default?: number;
}

export interface ColumnSchema {
  readonly name: string;
  readonly datatype: string;
  readonly shape?: readonly number[];
  readonly ndim?: number;
  readonly maxNdim?: number;
  readonly unit?: string;
}

export interface TableSchema {
  readonly kind: "table";
  readonly hdu: string;
  readonly columns: readonly ColumnSchema[];
  readonly extraColumns: boolean;
  readonly default?: readonly (number | string)[];
  /** Older layouts that are accepted too. */
  readonly alternatives: readonly (readonly ColumnSchema[])[];
}

export interface LeafSchema {
  readonly kind: "leaf";
  readonly type: string;
  /** Number of the check of its values; -1 = anything goes, or `test` decides. */
  readonly check: number;
  /** What is wrong with a value, for schemas made at run time. */
  readonly test?: (value: unknown) => string | undefined;
  readonly keyword?: string;
  readonly hdu: string;
  readonly default?: unknown;
  readonly blendTable: boolean;
  readonly blendRule?: string;
}

export type SchemaNode = ObjectSchema | ListSchema | ArraySchema | TableSchema | LeafSchema;

/** What is known about one model class. */
export interface ModelInfo {
  readonly name: string;
  readonly root: ObjectSchema;
  readonly reference: boolean;
  /** Whether it can be saved as FITS. */
  readonly fits: boolean;
  readonly asdfExtension: boolean;
  readonly primaryArray: string;
  /** Names of the classes it derives from, nearest first. */
  readonly bases: readonly string[];
  /** Arrays that exist as soon as the primary array does. */
  readonly autoArrays: readonly string[];
  readonly reftype?: string;
  /** Called before every save; for classes made at run time. */
  readonly onSave?: (model: Model) => void;
}

type Raw = readonly unknown[];

let raw: Raw[] | undefined;
let models: Record<string, Raw> | undefined;
const decoded: SchemaNode[] = [];
const infos = new Map<string, ModelInfo>();

function column(c: Raw): ColumnSchema {
  return {
    name: c[0] as string,
    datatype: c[1] as string,
    shape: (c[2] as number[] | null) ?? undefined,
    ndim: (c[3] as number | null) ?? undefined,
    maxNdim: (c[4] as number | null) ?? undefined,
    unit: (c[5] as string | null) ?? undefined,
  };
}

class ObjectNodeSchema implements ObjectSchema {
  readonly kind = "object" as const;
  readonly titled: boolean;
  readonly names: readonly string[];
  private readonly ids: ReadonlyMap<string, number>;

  constructor(n: Raw) {
    this.titled = n[1] === 1;
    this.names = n[2] === "" ? [] : (n[2] as string).split(",");
    const ids = n[3] as number[];
    this.ids = new Map(this.names.map((name, i) => [name, ids[i]]));
  }

  child(name: string): SchemaNode | undefined {
    const id = this.ids.get(name);
    return id === undefined ? undefined : node(id);
  }
}

function decode(n: Raw): SchemaNode {
  switch (n[0]) {
    case 0:
      return new ObjectNodeSchema(n);
    case 1:
      return { kind: "list", item: node(n[1] as number) as ObjectSchema };
    case 2:
      return {
        kind: "array",
        hdu: n[1] as string,
        datatype: (n[2] as string | null) ?? "float32",
        ndim: (n[3] as number | null) ?? undefined,
        maxNdim: (n[4] as number | null) ?? undefined,
        default: (n[5] as number | null) ?? undefined,
      };
    case 3:
      return {
        kind: "table",
        hdu: n[1] as string,
        columns: (n[2] as Raw[]).map(column),
        extraColumns: n[3] === 1,
        default: (n[4] as (number | string)[] | null) ?? undefined,
        alternatives: ((n[5] as Raw[][] | null) ?? []).map((list) => list.map(column)),
      };
    default:
      return {
        kind: "leaf",
        type: (n[1] as string | null) ?? "any",
        check: (n[2] as number | null) ?? -1,
        keyword: (n[3] as string | null) ?? undefined,
        hdu: (n[4] as string | null) ?? "PRIMARY",
        default: n[5] ?? undefined,
        blendTable: n[6] === 1,
        blendRule: (n[7] as string | null) ?? undefined,
      };
  }
}

function node(id: number): SchemaNode {
  raw ??= JSON.parse(NODES) as Raw[];
  return (decoded[id] ??= decode(raw[id]));
}

function table(): Record<string, Raw> {
  return (models ??= JSON.parse(MODELS) as Record<string, Raw>);
}

/** Names of all model classes. */
export function modelNames(): string[] {
  return Object.keys(table());
}

/** The description of a model class, or undefined when there is no such class. */
export function modelInfo(name: string): ModelInfo | undefined {
  const known = infos.get(name);
  if (known !== undefined) return known;
  const all = table();
  if (!Object.hasOwn(all, name)) return undefined;
  const m = all[name];
  const flags = m[1] as number;
  const info: ModelInfo = Object.freeze({
    name,
    root: node(m[0] as number) as ObjectSchema,
    reference: (flags & 1) !== 0,
    fits: (flags & 2) !== 0,
    asdfExtension: (flags & 4) !== 0,
    primaryArray: (m[2] as string | null) ?? "",
    bases: ((m[3] as string | null) ?? "").split(",").filter(Boolean),
    autoArrays: ((m[4] as string | null) ?? "").split(",").filter(Boolean),
    reftype: (m[5] as string | null) ?? undefined,
  });
  infos.set(name, info);
  return info;
}
