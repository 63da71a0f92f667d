import { dump as yamlDump } from "js-yaml";
import type { Association, AssociationData } from "../association.js";
import { AssociationError, AssociationNotValidError } from "../errors.js";

export type AssociationFormat = "json" | "yaml";
export const FORMATS: readonly AssociationFormat[] = ["json", "yaml"];

/** The text of an association file. Equal associations give equal text. */
export function serialize(data: AssociationData, format: string = "json"): string {
  if (format === "json") return JSON.stringify(data, null, 4);
  if (format === "yaml") return yamlDump(data, { sortKeys: true, lineWidth: -1, noRefs: true });
  throw new AssociationError(`there is no format "${format}" for associations; there are ${FORMATS.join(" and ")}`, {
    got: format,
  });
}

/**
 * An association as a file: suggested name and text.
 * @throws AssociationNotValidError when it is not valid
 */
export function dump(association: Association, format: string = "json"): { name: string; text: string } {
  if (!association.isValid)
    throw new AssociationNotValidError(
      `association ${association.name} (${association.rule.name}) is not valid: ${missingChecks(association).join(", ")}`,
    );
  const name = association.name;
  const extension = `.${format}`;
  return { name: name.endsWith(extension) ? name : `${name}${extension}`, text: serialize(association.data, format) };
}

/** Names of the checks that have not passed. */
export const missingChecks = (association: Association): string[] =>
  Object.keys(association.rule.validity).filter((name) => association.validity.get(name) !== true);
