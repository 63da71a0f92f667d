import { ValidationError } from "@calwebb/errors";
import { leafJsonSchema } from "./check.js";
import { modelInfo, type SchemaNode } from "./decode.js";

function schemaOf(node: SchemaNode): Record<string, unknown> {
  switch (node.kind) {
    case "object": {
      const properties: Record<string, unknown> = {};
      for (const name of node.names) properties[name] = schemaOf(node.child(name)!);
      return { type: "object", properties };
    }
    case "list":
      return { type: "array", items: schemaOf(node.item) };
    case "array":
      return {
        fits_hdu: node.hdu,
        datatype: node.datatype,
        ...(node.ndim === undefined ? {} : { ndim: node.ndim }),
        ...(node.maxNdim === undefined ? {} : { max_ndim: node.maxNdim }),
        ...(node.default === undefined ? {} : { default: node.default }),
      };
    case "table":
      return {
        fits_hdu: node.hdu,
        datatype: node.columns.map(({ name, datatype, shape, unit }) => ({
          name,
          datatype: /^\w+:\d+$/.test(datatype) ? [datatype.split(":")[0], Number(datatype.split(":")[1])] : datatype,
          ...(shape ? { shape } : {}),
          ...(unit ? { unit } : {}),
        })),
      };
    default:
      return {
        ...leafJsonSchema(node),
        ...(node.keyword === undefined ? {} : { fits_keyword: node.keyword, fits_hdu: node.hdu }),
        ...(node.default === undefined ? {} : { default: node.default }),
        ...(node.blendTable ? { blend_table: true } : {}),
        ...(node.blendRule === undefined ? {} : { blend_rule: node.blendRule }),
      };
  }
}

/**
 * The JSON Schema (draft 4) of a model class, with the extra words of the JWST schemas: fits_keyword, fits_hdu, datatype,
 * ndim, max_ndim, blend_rule, blend_table.
 */
export function jsonSchema(model: string): Record<string, unknown> {
  const info = modelInfo(model);
  if (info === undefined) throw new ValidationError(`there is no model class ${model}`, { got: model });
  return { $schema: "http://json-schema.org/draft-04/schema#", title: model, ...schemaOf(info.root) };
}
