import type { AssociationData, MemberRecord } from "../association.js";
import { AssociationError } from "../errors.js";
import { baseName, exposureName } from "../names/suffix.js";

/** Add files to every product, without folders, as members of a type. Files that are members already stay as they are. */
export function addMembers(asn: AssociationData, files: readonly string[], exptype = "science"): AssociationData {
  return {
    ...asn,
    products: asn.products.map((product) => {
      const known = new Set(product.members.map((m) => m.expname));
      const fresh = [...new Set(files.map(baseName))].filter((f) => !known.has(f));
      return { ...product, members: [...product.members, ...fresh.map((expname) => ({ expname, exptype }))] };
    }),
  };
}

/**
 * Take files out of all products; products without members go too.
 * @param ignoreSuffix - whatever stage a member is of: `x_cal.fits` takes out `x_rate.fits`
 * @returns the association, and the files that are no members
 */
export function removeMembers(
  asn: AssociationData,
  files: readonly string[],
  ignoreSuffix = false,
): { asn: AssociationData; missing: string[] } {
  const key = ignoreSuffix ? exposureName : baseName;
  const wanted = new Map(files.map((f) => [key(f), f]));
  const found = new Set<string>();
  const keep = (member: MemberRecord): boolean => {
    const k = key(member.expname);
    if (!wanted.has(k)) return true;
    found.add(k);
    return false;
  };
  const products = asn.products
    .map((product) => ({ ...product, members: product.members.filter(keep) }))
    .filter((product) => product.members.length > 0);
  return { asn: { ...asn, products }, missing: [...wanted].filter(([k]) => !found.has(k)).map(([, f]) => f) };
}

/** Put a folder before all members, in place of the one they have. */
export function updatePath(asn: AssociationData, folder: string): AssociationData {
  const prefix = folder === "" || folder === "." ? "" : folder.endsWith("/") ? folder : `${folder}/`;
  return {
    ...asn,
    products: asn.products.map((product) => ({
      ...product,
      members: product.members.map((m) => ({ ...m, expname: `${prefix}${baseName(m.expname)}` })),
    })),
  };
}

/**
 * The members of some types only; products without members go.
 * @throws AssociationError when nothing is left
 */
export function selectMembers(
  asn: AssociationData,
  options: { types?: readonly string[]; exclude?: readonly string[] },
): AssociationData {
  const types = options.types?.map((t) => t.toLowerCase());
  const exclude = options.exclude?.map((t) => t.toLowerCase()) ?? [];
  const keep = (m: MemberRecord): boolean => {
    const type = m.exptype.toLowerCase();
    return !exclude.includes(type) && (types === undefined || types.includes(type));
  };
  const products = asn.products
    .map((product) => ({ ...product, members: product.members.filter(keep) }))
    .filter((product) => product.members.length > 0);
  if (products.length === 0) throw new AssociationError("no member is of a type that is wanted");
  return { ...asn, products };
}
