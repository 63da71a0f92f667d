import { type Association, exposureName, type PoolRow } from "@calwebb/associations";
import { baseName } from "@calwebb/associations/rules";

const integer = (item: PoolRow, column: string): number | undefined => {
  const text = item.get(column)?.trim();
  return text !== undefined && /^[-+]?\d+$/.test(text) ? Number(text) : undefined;
};

const subpixelPoints = (item: PoolRow): number | undefined => integer(item, "subpxpts") ?? integer(item, "subpxpns");

/**
 * Whether the source of one exposure lies where the other's does, so that it cannot be its background: other targets, the same
 * primary dither position, or neighbours in the five-point pattern of slit S1600A1.
 */
export function nodOverlaps(science: PoolRow, other: PoolRow): boolean {
  const expType = science.get("exp_type");
  if (expType !== "nrs_fixedslit" && expType !== "nrs_msaspec") return false;
  const target = science.get("targetid");
  const otherTarget = other.get("targetid");
  if (target !== undefined && otherTarget !== undefined && target !== otherTarget) return true;
  const points = integer(science, "numdthpt");
  let number = integer(science, "patt_num");
  let otherNumber = integer(other, "patt_num");
  if (points === undefined || number === undefined || otherNumber === undefined) number = otherNumber = undefined;
  const sub = subpixelPoints(science);
  const otherSub = subpixelPoints(other);
  if (number === undefined || otherNumber === undefined || !sub || !otherSub) return expType === "nrs_fixedslit";
  const position = Math.floor((number - 1) / sub);
  const otherPosition = Math.floor((otherNumber - 1) / otherSub);
  if (position === otherPosition) return true;
  if (expType === "nrs_msaspec") return false;
  return (
    science.get("fxd_slit") === "s1600a1" &&
    Math.floor((points ?? 0) / sub) === 5 &&
    Math.abs(position - otherPosition) <= 1
  );
}

/** One association per science member, with the others as its backgrounds where they do not overlap it. */
export function nodAssociations(association: Association): Association[] {
  const { members } = association.products[0];
  const sciences = members.filter((m) => m.exptype === "science");
  const rest = members.filter((m) => m.exptype !== "science");
  return sciences.map((science) => {
    const out = association.fork();
    out.newProduct(exposureName(baseName(science.expname)));
    out.include(science, science.item);
    for (const other of sciences) {
      if (other.expname === science.expname || nodOverlaps(science.item!, other.item!)) continue;
      out.include(other.with({ exptype: "background" }), other.item);
    }
    for (const member of rest) out.include(member, member.item);
    return out;
  });
}
