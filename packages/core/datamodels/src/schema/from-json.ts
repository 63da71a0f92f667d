import { ValidationError } from "@calwebb/errors";
import type { ArraySchema, ColumnSchema, LeafSchema, ObjectSchema, SchemaNode, TableSchema } from "./decode.js";

/** A JSON Schema (draft 4) with the words of the JWST schemas: fits_keyword, fits_hdu, datatype, ndim, max_ndim, blend_rule. */
export interface JsonSchema {
  readonly [word: string]: unknown;
}

const isMapping = (x: unknown): x is JsonSchema => typeof x === "object" && x !== null && !Array.isArray(x);

/** An object schema made at run time. */
class MadeObject implements ObjectSchema {
  readonly kind = "object" as const;
  readonly titled: boolean;
  readonly names: readonly string[];
  private readonly members: ReadonlyMap<string, SchemaNode>;

  constructor(members: ReadonlyMap<string, SchemaNode>, titled: boolean) {
    this.members = members;
    this.titled = titled;
    this.names = [...members.keys()];
  }

  child(name: string): SchemaNode | undefined {
    return this.members.get(name);
  }
}

function datatypeName(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.length === 2) return `${value[0]}:${value[1]}`;
  throw new ValidationError(`datatype ${JSON.stringify(value)} is not known`);
}

function column(c: unknown): ColumnSchema {
  if (!isMapping(c) || typeof c.name !== "string") throw new ValidationError("a table column needs a name");
  const shape = typeof c.shape === "number" ? [c.shape] : (c.shape as number[] | undefined);
  return {
    name: c.name,
    datatype: datatypeName(c.datatype),
    shape,
    ndim: c.ndim as number | undefined,
    maxNdim: c.max_ndim as number | undefined,
    unit: c.unit as string | undefined,
  };
}

function arrayOf(schema: JsonSchema): ArraySchema | TableSchema {
  const hdu = typeof schema.fits_hdu === "string" ? schema.fits_hdu : "";
  const { datatype } = schema;
  if (Array.isArray(datatype) && datatype.some(isMapping))
    return {
      kind: "table",
      hdu,
      columns: datatype.map(column),
      extraColumns: schema.allow_extra_columns === true,
      default: schema.default as number[] | undefined,
      alternatives: [],
    };
  return {
    kind: "array",
    hdu,
    datatype: datatype === undefined ? "float32" : datatypeName(datatype),
    ndim: schema.ndim as number | undefined,
    maxNdim: schema.max_ndim as number | undefined,
    default: schema.default as number | undefined,
  };
}

const TYPES: Readonly<Record<string, (x: unknown) => boolean>> = {
  string: (x) => typeof x === "string",
  number: (x) => typeof x === "number",
  integer: (x) => Number.isInteger(x),
  boolean: (x) => typeof x === "boolean",
  object: isMapping,
  array: Array.isArray,
  null: (x) => x === null,
};

/** What is wrong with a value by type, enum, pattern, minimum and maximum; undefined when it is fine. */
function checker(schema: JsonSchema): (value: unknown) => string | undefined {
  const types = schema.type === undefined ? [] : [schema.type].flat().map(String);
  const values = Array.isArray(schema.enum) ? schema.enum : undefined;
  const pattern = typeof schema.pattern === "string" ? new RegExp(schema.pattern) : undefined;
  const { minimum, maximum } = schema;
  return (value) => {
    if (types.length > 0 && !types.some((t) => TYPES[t]?.(value))) return `is not of type ${types.join(" or ")}`;
    if (values !== undefined && !values.includes(value)) return `is not one of ${values.join(", ")}`;
    if (pattern !== undefined && typeof value === "string" && !pattern.test(value)) return `does not match ${pattern}`;
    if (typeof value !== "number") return undefined;
    if (typeof minimum === "number" && value < minimum) return `is less than ${minimum}`;
    return typeof maximum === "number" && value > maximum ? `is more than ${maximum}` : undefined;
  };
}

function leafOf(schema: JsonSchema): LeafSchema {
  const keyword = typeof schema.fits_keyword === "string" ? schema.fits_keyword : undefined;
  if (keyword !== undefined && !/^[A-Z0-9_-]{1,8}$/i.test(keyword))
    throw new ValidationError(`fits_keyword ${JSON.stringify(keyword)} is not a FITS keyword`, { got: keyword });
  return {
    kind: "leaf",
    type: schema.type === undefined ? "any" : [schema.type].flat().join("|"),
    check: -1,
    test: checker(schema),
    keyword,
    hdu: typeof schema.fits_hdu === "string" ? schema.fits_hdu : "PRIMARY",
    default: schema.default,
    blendTable: schema.blend_table === true,
    blendRule: schema.blend_rule as string | undefined,
  };
}

/**
 * A JSON Schema as schema nodes; the schemas of `allOf` are merged.
 * @throws {ValidationError} for words that are used wrongly
 */
export function fromJsonSchema(schema: JsonSchema): SchemaNode {
  if ("datatype" in schema || "ndim" in schema || "max_ndim" in schema) return arrayOf(schema);
  const parts = Array.isArray(schema.allOf) ? schema.allOf.filter(isMapping).map(fromJsonSchema) : [];
  const { items, properties } = schema;
  if (isMapping(items) && isMapping(items.properties))
    return { kind: "list", item: fromJsonSchema(items) as ObjectSchema };
  if (isMapping(properties)) {
    const members = new Map<string, SchemaNode>();
    for (const [name, value] of Object.entries(properties))
      if (isMapping(value)) members.set(name, fromJsonSchema(value));
    parts.push(new MadeObject(members, typeof schema.title === "string"));
  }
  const first = parts.shift();
  if (first === undefined) return leafOf(schema);
  return parts.reduce(mergeSchemas, first);
}

/** Two schemas in one: members of both; where both have the same, mappings are merged and the second wins otherwise. */
export function mergeSchemas(a: SchemaNode, b: SchemaNode): SchemaNode {
  if (a.kind === "list" && b.kind === "list")
    return { kind: "list", item: mergeSchemas(a.item, b.item) as ObjectSchema };
  if (a.kind !== "object" || b.kind !== "object") return b;
  const members = new Map<string, SchemaNode>();
  for (const name of a.names) members.set(name, a.child(name)!);
  for (const name of b.names) {
    const before = members.get(name);
    const more = b.child(name)!;
    members.set(name, before === undefined ? more : mergeSchemas(before, more));
  }
  return new MadeObject(members, a.titled || b.titled);
}
