import { describe, expect, it } from "vitest";
import { Card, formatCard, formatFloat, Header } from "../src/index.js";

const pad = (s: string) => s.padEnd(80);

function sample(): Header {
  return Header.fromRaw(
    [
      "SIMPLE  =                    T / conforms to FITS standard",
      "EXPTIME =                 10.0 / [s] exposure time",
      "NGROUPS =                    5 / groups",
      "TARGNAME= 'M 31    '           / target",
      "COMMENT one",
      "COMMENT two",
      "HIERARCH ESO Det Name = 'x' / mixed case",
      "HISTORY first",
      "END",
      "AFTER   =                    1",
    ].map(pad),
  );
}

const texts = (header: Header) => header.cards.map((c) => c.raw.trimEnd());

describe("Header", () => {
  it("gives typed values", () => {
    const h = sample();
    expect([h.get("exptime"), h.getNumber("NGROUPS"), h.getString("TARGNAME"), h.getBoolean("SIMPLE")]).toEqual([
      10,
      5,
      "M 31",
      true,
    ]);
    expect([h.getString("NGROUPS"), h.getNumber("TARGNAME"), h.getBoolean("EXPTIME"), h.get("NONE")]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(h.card("EXPTIME")?.type).toBe("float");
    expect(h.get("HIERARCH ESO DET NAME")).toBe("x");
    expect(h.has("eso det name")).toBe(true);
    expect(h.has("AFTER")).toBe(false);
    expect(h.comments).toEqual(["one", "two"]);
    expect(h.history).toEqual(["first"]);
    expect(h.commentOf("EXPTIME")).toBe("[s] exposure time");
  });
  it("changes a card where it is and keeps its comment and form", () => {
    const h = sample();
    h.set("EXPTIME", 12).set("NGROUPS", 7).set("TARGNAME", "NGC 1", "new comment").set("ESO DET NAME", "y");
    expect(texts(h).slice(1, 7)).toEqual([
      "EXPTIME =                 12.0 / [s] exposure time",
      "NGROUPS =                    7 / groups",
      "TARGNAME= 'NGC 1   '           / new comment",
      "COMMENT one",
      "COMMENT two",
      "HIERARCH ESO Det Name = 'y       ' / mixed case",
    ]);
  });
  it("leaves cards alone that already say so", () => {
    const odd = pad("EXPTIME = 10. /as it was");
    const h = Header.fromRaw([odd]);
    h.set("EXPTIME", 10);
    expect(h.cards[0].raw).toBe(odd);
    expect(h.changes).toBe(0);
    h.set("EXPTIME", 10, undefined, { form: "int" });
    expect(h.cards[0].raw).toBe(pad("EXPTIME =                   10 / as it was"));
    expect(h.changes).toBe(1);
  });
  it("puts new cards before the trailing commentary, or where it is told to", () => {
    const h = sample();
    h.set("NEW", 1.5).set("FIRST", "a", "", { before: "EXPTIME" }).set("NEXT", true, "", { after: "EXPTIME" });
    expect(h.cards.map((c) => c.keyword)).toEqual([
      "SIMPLE",
      "FIRST",
      "EXPTIME",
      "NEXT",
      "NGROUPS",
      "TARGNAME",
      "COMMENT",
      "COMMENT",
      "ESO DET NAME",
      "NEW",
      "HISTORY",
    ]);
    h.set("NEW", 2.5, undefined, { before: "SIMPLE" });
    expect(h.cards[0].raw.trimEnd()).toBe("NEW     =                  2.5");
  });
  it("adds commentary after its like", () => {
    const h = sample();
    h.addComment("three").addHistory("second ".repeat(20)).add("", "blank");
    expect(h.comments).toEqual(["one", "two", "three"]);
    expect(h.history.length).toBe(3);
    expect(h.history.slice(1).join("")).toHaveLength(139);
    expect(h.cards.at(-1)?.raw).toBe(pad("        blank"));
    expect(() => h.set("HISTORY", "x")).toThrow(/use add\("HISTORY", text\)/);
  });
  it("deletes and appends", () => {
    const h = sample();
    expect(h.delete("COMMENT")).toBe(true);
    expect(h.delete("COMMENT")).toBe(false);
    h.append("DUP", 1)
      .append("DUP", 2)
      .appendCard(Card.fromRaw(pad("RAW     = 'kept'")));
    expect(h.get("DUP")).toBe(1);
    expect(h.cards.slice(-3).map((c) => c.raw.trimEnd())).toEqual([
      "DUP     =                    1",
      "DUP     =                    2",
      "RAW     = 'kept'",
    ]);
  });
  it("is copied independently", () => {
    const h = sample();
    const copy = h.clone();
    copy.set("NGROUPS", 9);
    expect([h.get("NGROUPS"), copy.get("NGROUPS"), h.changes, copy.changes]).toEqual([5, 9, 0, 1]);
  });
  it("joins a long string that was cut between the halves of a doubled quote", () => {
    const { cards } = Header.fromRaw(
      [
        "TITLE   = 'it''s y'&' / one",
        "CONTINUE  ''s&'",
        "CONTINUE  '''x''&'",
        "CONTINUE  '' / two",
        "NEXT    = '&'",
      ].map(pad),
    );
    expect(cards.map((c) => [c.keyword, c.value, c.comment])).toEqual([
      ["TITLE", "it's y's'x'", "one two"],
      ["NEXT", "&", ""],
    ]);
  });
  it("keeps a long string with CONTINUE in one card", () => {
    const text = "a long string with 'quotes' & ampersands ".repeat(8).trim();
    const h = new Header().set("LONG", text, "its comment");
    expect(h.cards[0].raw.length).toBeGreaterThan(400);
    const raw = h.cards[0].raw.match(/.{80}/g) as string[];
    const back = Header.fromRaw([...raw, pad("NEXT    =                    1")]);
    expect(back.get("LONG")).toBe(text);
    expect(back.commentOf("LONG")).toBe("its comment");
    expect(back.get("NEXT")).toBe(1);
    expect(back.cards.length).toBe(2);
  });
  it("reads back any string, however its quotes fall", () => {
    for (let n = 50; n < 90; n++)
      for (const text of [`${"x".repeat(n)}'''end`, `${"'".repeat(n)}`, `${"a ".repeat(n)}'b' &`]) {
        const raw = formatCard("KEY", text, n % 2 ? "with a comment" : "").match(/.{80}/g) as string[];
        expect(Header.fromRaw(raw).get("KEY"), text).toBe(text);
      }
  });
  it("takes whole blocks", () => {
    const h = new Header();
    for (let i = 0; i < 35; i++) h.set(`KEY${i}`, i);
    expect(h.toBytes().length).toBe(2880);
    h.set("KEY35", 35);
    expect(h.toBytes().length).toBe(5760);
    expect(Buffer.from(h.toBytes().subarray(2880, 2883)).toString()).toBe("END");
  });
});

describe("values that cannot be written", () => {
  it("are refused with the keyword", () => {
    const h = new Header();
    expect(() => h.set("KEY", Number.NaN)).toThrow(/a FITS header cannot hold NaN/);
    expect(() => h.set("KEY", "caf\u00e9")).toThrow(/keyword KEY: FITS cards hold printable ASCII only/);
    expect(() => h.set("KEY", "ok", "line\nbreak")).toThrow(/printable ASCII/);
    expect(() => h.set("a=b", 1)).toThrow(/cannot be a FITS keyword/);
    expect(h.cards.length).toBe(0);
  });
});

describe("formatFloat", () => {
  it.each([
    [1, "1.0"],
    [-0.5, "-0.5"],
    [0.0001, "0.0001"],
    [0.00001, "1E-05"],
    [123456, "123456.0"],
    [1e15, "1000000000000000.0"],
    [1e16, "1E+16"],
    [1e100, "1E+100"],
    [Math.PI, "3.141592653589793"],
    [-1 / 3, "-0.3333333333333333"],
    [5e-324, "5E-324"],
    [1.7976931348623157e308, "1.7976931348623E+308"],
  ])("%d", (x, text) => expect(formatFloat(x)).toBe(text));
});
