import type { AssociationLike, ModelContainer } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { baseName, folderOf, joinPath } from "../naming/names.js";
import { isContainer, openFile } from "./models.js";
import type { RunNode } from "./node.js";
import type { Session } from "./session.js";

/** Whether a path names an association rather than an exposure. */
export function isAssociationFile(path: string): boolean {
  return /\.(json|ya?ml)$/i.test(path);
}

/** An association from the text of its file. @throws {ValidationError} when it is none */
export function parseAssociation(text: string, path: string): AssociationLike {
  let asn: unknown;
  try {
    asn = JSON.parse(text);
  } catch (cause) {
    throw new ValidationError(`${path} is not an association: it is not JSON`, { file: path, cause });
  }
  const products = (asn as Partial<AssociationLike> | null)?.products;
  const fits =
    Array.isArray(products) &&
    products.length > 0 &&
    products.every((p) => Array.isArray(p?.members) && p.members.every((m: unknown) => hasName(m)));
  if (!fits)
    throw new ValidationError(`${path} is not an association: it lists no products with members`, { file: path });
  return asn as AssociationLike;
}

function hasName(member: unknown): boolean {
  const { expname, exptype } = (member ?? {}) as Record<string, unknown>;
  return typeof expname === "string" && typeof exptype === "string";
}

/**
 * Open the members of an association; their pixels stay in the files until they are used. Members lie in the association's folder.
 * @throws {ValidationError} for a file that is no association
 * @throws {IoError} for a member that cannot be opened
 */
export async function openAssociation(path: string, session: Session): Promise<ModelContainer> {
  const asn = parseAssociation(await session.host.readText(path), path);
  const { ModelContainer } = await import("@calwebb/datamodels");
  const folder = folderOf(path);
  return ModelContainer.fromAssociation(
    asn,
    async (expname) => {
      const file = joinPath(folder, expname);
      const model = await openFile(session, file);
      session.paths.set(model, file);
      return model;
    },
    { tableName: baseName(path) },
  );
}

/** Identifier of the association that an input is of, or that the run around it started from. */
export function asnIdOf(node: RunNode, input: unknown): string | undefined {
  const own = isContainer(input) ? (input.asnTable as { asn_id?: unknown } | undefined)?.asn_id : undefined;
  if (typeof own === "string") return own;
  for (let at: RunNode | undefined = node; at; at = at.parent) if (at.asnId !== undefined) return at.asnId;
  return undefined;
}
