const TOKEN =
  /\s*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.]))/uy;

/** What may come next: a value, a value or the end of a list, a name, a name or the end of an object, ... */
type Expected = "value" | "item" | "name" | "member" | "colon" | "more" | "nothing";

/** Where JSON text stops being JSON: the position of the first token that cannot be there; undefined when all is well. */
export function jsonErrorPosition(text: string): number | undefined {
  const open: ("[" | "{")[] = [];
  let expected: Expected = "value";
  const closed = (): Expected => (open.length === 0 ? "nothing" : "more");
  let at = 0;
  const failedAt = (): number => at + (/^\s*/.exec(text.slice(at)) as RegExpExecArray)[0].length;
  for (;;) {
    if (text.slice(at).trim() === "") return expected === "nothing" ? undefined : text.length;
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return failedAt();
    const [, mark, string] = match;
    if (mark === "[" || mark === "{") {
      if (expected !== "value" && expected !== "item") return failedAt();
      open.push(mark);
      expected = mark === "[" ? "item" : "member";
    } else if (mark === "]" || mark === "}") {
      const fits = mark === "]" ? open.at(-1) === "[" : open.at(-1) === "{";
      if (!fits || !(expected === "more" || expected === (mark === "]" ? "item" : "member"))) return failedAt();
      open.pop();
      expected = closed();
    } else if (mark === ",") {
      if (expected !== "more") return failedAt();
      expected = open.at(-1) === "[" ? "value" : "name";
    } else if (mark === ":") {
      if (expected !== "colon") return failedAt();
      expected = "value";
    } else if (expected === "name" || expected === "member") {
      if (string === undefined) return failedAt();
      expected = "colon";
    } else if (expected === "value" || expected === "item") expected = closed();
    else return failedAt();
    at = TOKEN.lastIndex;
  }
}
