import { AssociationNotValidError } from "../errors.js";

/** A schema for associations: JSON Schema, read by the small validator below without making code at run time. */
export interface Schema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minItems?: number;
}

const text = (description: string): Schema => ({ type: "string", description });

const products = (what: string): Schema => ({
  type: "array",
  description: `What is made from this association. ${what}`,
  items: {
    type: "object",
    required: ["members"],
    properties: {
      name: text("What the names of the files that are made begin with."),
      members: {
        type: "array",
        description: "The files that go into the product.",
        items: {
          type: "object",
          required: ["expname", "exptype"],
          properties: {
            expname: text("Name of the file."),
            exptype: text("What the file is for: science, background, imprint, psf, sourcecat, ..."),
          },
        },
      },
    },
  },
});

const head = {
  asn_type: text("Kind of association; it says which pipeline processes it."),
  asn_rule: text("Rule that made it."),
  asn_pool: text("Pool that the exposures are from."),
  program: text("Observing program."),
} as const;

/** Associations for stage 2: each product is one exposure. */
export const level2Schema: Schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Association for stage 2",
  type: "object",
  required: ["products"],
  properties: { ...head, products: products("Each product has one science member.") },
};

/** Associations for stage 3: each product combines exposures. */
export const level3Schema: Schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Association for stage 3",
  type: "object",
  required: ["products"],
  properties: {
    ...head,
    asn_id: text("Candidate: o and 3 digits, c or a and 4 digits."),
    target: text("Target that the exposures are of."),
    version_id: { type: ["string", "null"], description: "Version of the association; ground processing uses a time." },
    products: products("Each product combines all its science members."),
  },
};

export const schemas: Readonly<Record<"level2" | "level3", Schema>> = { level2: level2Schema, level3: level3Schema };

/** @returns what is wrong, each with its place (`products[0].members[2].expname: ...`); empty when nothing is */
export function validateAssociation(data: unknown, schema: "level2" | "level3" | Schema): string[] {
  const out: string[] = [];
  walk(data, typeof schema === "string" ? schemas[schema] : schema, "", out);
  return out;
}

const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value === "number" ? "number" : typeof value;

function walk(value: unknown, schema: Schema, path: string, out: string[]): void {
  const here = path === "" ? "the association" : path;
  if (schema.type !== undefined) {
    const wanted = typeof schema.type === "string" ? [schema.type] : schema.type;
    if (!wanted.includes(typeOf(value))) {
      out.push(`${here} is ${article(typeOf(value))}, not ${wanted.map(article).join(" or ")}`);
      return;
    }
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items !== undefined) for (let i = 0; i < value.length; i++) walk(value[i], items, `${path}[${i}]`, out);
  } else if (typeof value === "object" && value !== null) {
    for (const key of schema.required ?? []) if (!Object.hasOwn(value, key)) out.push(`${here} has no "${key}"`);
    for (const [key, sub] of Object.entries(schema.properties ?? {}))
      if (Object.hasOwn(value, key))
        walk((value as Record<string, unknown>)[key], sub, path === "" ? key : `${path}.${key}`, out);
  }
}

const article = (type: string): string =>
  type === "null" ? "null" : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;

/** The error about an object that follows no schema. */
export const notAnAssociation = (problems: readonly string[]): AssociationNotValidError =>
  new AssociationNotValidError(`this is no association: ${problems.join("; ")}`);
