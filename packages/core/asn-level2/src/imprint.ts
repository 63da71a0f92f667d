import type { Association, Member } from "@calwebb/associations";

/**
 * Leave only the imprints that belong to the science exposures: those of the same target if there are any, and when there are
 * more imprints than science exposures, those at the same dither point.
 */
export function pruneImprints(association: Association): void {
  const product = association.products[0];
  const science: Member[] = [];
  const ofTargets: Member[] = [];
  const ofBackgrounds: Member[] = [];
  const targets = new Set<string>();
  let isBackground = false;
  for (const member of product.members) {
    const target = member.item?.get("targetid");
    const flag = member.item?.get("bkgdtarg");
    if (target === undefined || flag === undefined) continue;
    if (member.exptype === "science") {
      science.push(member);
      targets.add(target);
      if (flag === "t") isBackground = true;
    } else if (member.exptype === "imprint") (flag === "t" ? ofBackgrounds : ofTargets).push(member);
  }
  let candidates = isBackground ? ofBackgrounds : ofTargets;
  const drop = new Set<Member>();
  const same = candidates.filter((m) => targets.has(m.item?.get("targetid") ?? ""));
  if (same.length > 0) {
    for (const m of candidates) if (!same.includes(m)) drop.add(m);
    candidates = same;
  }
  if (science.length >= 1 && science.length < candidates.length) {
    const points = new Set(science.map((m) => m.item?.get("dithptin")).filter((p) => p !== undefined));
    const keep = new Set(candidates.filter((m) => points.has(m.item?.get("dithptin") as string)).map((m) => m.expname));
    if (keep.size > 0) for (const m of candidates) if (!keep.has(m.expname)) drop.add(m);
  }
  if (drop.size > 0) product.members = product.members.filter((m) => !drop.has(m));
}
