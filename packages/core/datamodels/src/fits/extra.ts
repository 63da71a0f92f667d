import { isFloat } from "@calwebb/asdf";
import type { FitsFile, Hdu, Header } from "@calwebb/fits";
import type { ExtraFits, ExtraHdu } from "../model.js";
import { isCell } from "../tree/types.js";
import { isBuiltinKeyword } from "./builtin.js";
import { RawHdu } from "./raw.js";
import { type FitsBuilder, outData } from "./write.js";

type ExtraCard = NonNullable<ExtraHdu["header"]>[number];

function splitName(key: string): { name: string; version: number } {
  const match = /^(.*),(\d+)$/.exec(key);
  return match === null ? { name: key, version: 1 } : { name: match[1], version: Number(match[2]) };
}

/** Whether the extra cards of an HDU are those it was read with. */
function untouched(hdu: Hdu, cards: readonly ExtraCard[]): boolean {
  const own = hdu.header.cards.filter((c) => !isBuiltinKeyword(c.keyword));
  return (
    own.length === cards.length &&
    own.every((c, i) => c.keyword === cards[i][0] && (c.value ?? null) === cards[i][1] && c.comment === cards[i][2])
  );
}

/** Put cards and HDUs that the schema does not know into a file that is being built. */
export async function addExtraFits(
  builder: FitsBuilder,
  extra: ExtraFits,
  source: FitsFile | undefined,
): Promise<void> {
  for (const key of Object.keys(extra)) {
    const { header: cards = [], data } = extra[key];
    const { name, version } = splitName(key);
    let hdu = builder.find(name, version - 1);
    const from = source?.find(name, version);
    const unread = isCell(data) || data instanceof RawHdu;
    if (hdu === undefined && unread && from !== undefined && untouched(from, cards)) {
      // Nothing has been touched: the HDU is copied byte for byte.
      builder.add(name, version > 1 ? version : undefined).raw = from;
      continue;
    }
    hdu ??= builder.add(name, version > 1 ? version : undefined);
    if (data !== undefined && !(data instanceof RawHdu)) {
      const out = await outData(data);
      if (out !== undefined) hdu.setData(out);
    }
    for (const card of cards) {
      const [keyword, value, comment] = card;
      if (isBuiltinKeyword(keyword)) continue;
      const old = from?.header.card(keyword);
      const same = old !== undefined && (old.value ?? null) === value && old.comment === comment;
      if (same) hdu.header.appendCard(old);
      else hdu.header.append(keyword, value ?? undefined, comment, isFloat(card, 1) ? "float" : undefined);
    }
  }
}

/** HISTORY cards at the end of the primary header. */
export function addHistory(header: Header, history: readonly string[]): void {
  for (const text of history) header.addHistory(text.replace(/[^\x20-\x7e]/g, " "));
}
