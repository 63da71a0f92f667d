import { type BlendRule, blendRules, type Model, writtenAs } from "@calwebb/datamodels";
import { isCalwebbError, ValidationError } from "@calwebb/errors";
import { blendValues } from "./rules.js";
import { inputTable } from "./table.js";

type Value = string | number | boolean;

/** Metadata that are never blended: `meta.wcs` and, as they begin alike, those of `meta.wcsinfo`. */
const ALWAYS_IGNORED = ["meta.wcs"];

function scalars(model: Model): Map<string, Value> {
  const out = new Map<string, Value>();
  for (const [path, value] of Object.entries(model.toFlat())) {
    if (!path.startsWith("meta.") || /\.\d+(\.|$)/.test(path)) continue;
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") out.set(path, value);
    else if (typeof value === "bigint") out.set(path, Number(value));
  }
  return out;
}

function writtenValues(model: Model): Map<string, Value> {
  const known = Object.entries(writtenAs(model)).filter(([, value]) => value !== undefined);
  return new Map(known.map(([name, value]) => [`meta.${name}`, value]));
}

/**
 * Makes the metadata of one product of those of several exposures: by the rules of the schema, else those of the first one; and the
 * table of inputs (HDRTAB) with the values of each. Only metadata are kept, no pixels.
 */
export class ModelBlender {
  private readonly ignored: readonly string[];
  private modelType: string | undefined;
  private readonly rules: BlendRule[] = [];
  private readonly rows: Map<string, Value>[] = [];
  /** What the table says in place of the metadata: when and by which software the exposures' files were written. */
  private readonly files: Map<string, Value>[] = [];

  /** @param ignore - beginnings of paths that the product keeps as it has them */
  constructor(ignore: readonly string[] = []) {
    this.ignored = [...ALWAYS_IGNORED, ...ignore];
  }

  /**
   * Take note of an exposure.
   * @throws {ValidationError} when it is of another class than the ones before
   */
  accumulate(model: Model): void {
    if (this.modelType === undefined) {
      this.modelType = model.modelType;
      this.rules.push(...blendRules(model.modelType).filter((r) => r.path.startsWith("meta.")));
    } else if (this.modelType !== model.modelType)
      throw new ValidationError(`metadata of ${model.modelType} and ${this.modelType} cannot be blended`, {
        got: model.modelType,
        wanted: this.modelType,
      });
    this.rows.push(scalars(model));
    this.files.push(writtenValues(model));
  }

  /** Write what was noted into a product. */
  finish(product: Model): void {
    const [first] = this.rows;
    if (first === undefined) return;
    const blended = new Map(first);
    for (const { path, rule } of this.rules) {
      if (rule === undefined || rule === "first") continue;
      const values = this.rows.map((row) => row.get(path)).filter((v) => v !== undefined);
      if (values.length > 0) blended.set(path, blendValues(rule, values));
      // What no input has, the product does not keep either.
      else if (!this.ignored.some((i) => path.startsWith(i))) product.delete(path);
    }
    for (const [path, value] of blended) {
      if (this.ignored.some((i) => path.startsWith(i))) continue;
      try {
        product.set(path, value);
      } catch (error) {
        // What the product has no place for stays out.
        if (!isCalwebbError(error, "ValidationError")) throw error;
      }
    }
    const { table, schema } = inputTable(
      this.rules.filter((r) => r.table),
      this.rows.map((row, i) => new Map([...row, ...this.files[i]])),
    );
    product.addSchemaEntry("hdrtab", schema);
    product.set("hdrtab", table);
  }
}
