import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { baseName, folderOf, joinPath, splitExtension } from "../naming/names.js";
import type { Level2Association, Level2Product } from "../step/types.js";
import { isAssociationFile, parseAssociation } from "./association.js";
import { inputPath } from "./input.js";
import { isModel } from "./models.js";
import { type RunNode, search } from "./node.js";
import type { Session } from "./session.js";

const SINGLE = "singleton";

/** A member's file as the association means it: relative to the association. Plain names are left to the search for inputs. */
function located(expname: string, folder: string): string {
  if (folderOf(expname) === "" || expname.startsWith("/") || expname.includes("://")) return expname;
  return joinPath(folder, expname);
}

/**
 * A level-2 association from the text of its file.
 * @throws {ValidationError} when it is no association, one of its products has no name, or it is an association of stage 3
 */
export function parseLevel2(text: string, file: string): Level2Association {
  const asn = parseAssociation(text, file);
  const { asn_type, asn_rule } = asn as { asn_type?: unknown; asn_rule?: unknown };
  if (/3$/.test(String(asn_type ?? "")) || /Lv3|Level3/i.test(String(asn_rule ?? ""))) {
    const got = String(asn_type ?? asn_rule);
    throw new ValidationError(`${file} is an association of stage 3 (${got}); wanted one of level 2`, {
      file,
      where: "asn_type",
      got,
      wanted: "a level-2 association",
    });
  }
  const products = asn.products.map(({ name, members }, i): Level2Product => {
    if (typeof name !== "string" || name === "")
      throw new ValidationError(`${file}: product ${i + 1} has no name`, { file, where: "products" });
    return {
      name,
      members: members.map(({ expname, exptype }) => ({
        expname: located(expname, folderOf(file)),
        exptype: exptype.toLowerCase(),
      })),
    };
  });
  return { pool: String(asn.asn_pool ?? "none"), table: baseName(file), products };
}

function named(basename: string, index: number): string {
  const [stem] = splitExtension(baseName(basename));
  return index > 1 ? `${stem}_${index}` : stem;
}

function single(value: string | Model, index: number, basename: string | undefined): Level2Product {
  const own = typeof value === "string" ? baseName(value) : splitExtension(value.meta.filename ?? "exposure")[0];
  const name = basename !== undefined && typeof value !== "string" ? named(basename, index) : own;
  return { name, members: [{ expname: value, exptype: "science" }] };
}

/**
 * What a level-2 step is given, as an association: the association of a JSON file; every exposure given in another way (file,
 * model, list of them) becomes a product of its own.
 */
export async function loadLevel2(input: unknown, node: RunNode, session: Session): Promise<Level2Association> {
  if (typeof input === "string" && isAssociationFile(input)) {
    const path = inputPath(input, node);
    return parseLevel2(await session.host.readText(path), path);
  }
  const output = search(node, "output_file");
  const basename = typeof output === "string" && output !== "" ? output : undefined;
  const list = Array.isArray(input) ? input : [input];
  const products = list.map((value, i) => {
    if (typeof value !== "string" && !isModel(value))
      throw new ValidationError("wanted a file, an association, a model or a list of models as input");
    return single(value, i + 1, basename);
  });
  return { pool: SINGLE, table: SINGLE, products };
}

/** Members of a product that have a type, in their order. */
export function membersOf(product: Level2Product, exptype: string): (string | Model)[] {
  return product.members.filter((m) => m.exptype === exptype).map((m) => m.expname);
}

/**
 * The science exposure of a product; the first of several.
 * @throws {ValidationError} when there is none
 */
export function scienceOf(product: Level2Product, warn: (message: string) => void): string | Model {
  const science = membersOf(product, "science");
  if (science.length > 1) warn(`product ${product.name} has ${science.length} science members; the first is used`);
  if (science.length === 0)
    throw new ValidationError(`product ${product.name} has no science member`, { where: product.name });
  return science[0];
}
