import type { MappingNode, Node, ScalarNode, SequenceNode } from "./represent.js";
import { scalarType } from "./scalar.js";

const ASDF_TAGS = "tag:stsci.edu:asdf/";
const YAML_TAGS = "tag:yaml.org,2002:";
/** Flow collections are broken into lines of about this length. */
const WIDTH = 100;

/**
 * Write a root mapping as the YAML 1.1 document of an ASDF file, from `%YAML` to `...`. Collections of scalars are written in one
 * line, everything else in blocks; nodes that are used more than once get anchors.
 */
export function writeYaml(root: MappingNode): string {
  nameAnchors(root);
  const out = ["%YAML 1.1\n", `%TAG ! ${ASDF_TAGS}\n`, "---"];
  const writer = new Writer(out);
  writer.root(root);
  out.push("...\n");
  return out.join("");
}

/** Anchors are numbered in the order in which they are written. */
function nameAnchors(root: Node): void {
  let count = 0;
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (node.kind === "scalar") return;
    if (node.uses > 1 && node.anchor === undefined) node.anchor = `id${String(++count).padStart(3, "0")}`;
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === "sequence") for (const item of node.items) visit(item);
    else
      for (const [key, value] of node.items) {
        visit(key);
        visit(value);
      }
  };
  visit(root);
}

class Writer {
  private readonly out: string[];
  private readonly written = new Set<Node>();

  constructor(out: string[]) {
    this.out = out;
  }

  root(node: MappingNode): void {
    this.out.push(properties(node));
    this.written.add(node);
    if (node.items.length === 0) this.out.push(" {}\n");
    else {
      this.out.push("\n");
      this.members(node, 0);
    }
  }

  /** A value after `key:` or `-`, with the line end. Children of blocks are written at `indent`. */
  private value(node: Node, indent: number, inSequence: boolean): void {
    const { out } = this;
    if (node.kind === "scalar") {
      out.push(" ", scalar(node), "\n");
      return;
    }
    if (this.written.has(node)) {
      out.push(` *${node.anchor}\n`);
      return;
    }
    this.written.add(node);
    const head = properties(node);
    if (isFlow(node)) {
      out.push(head, " ", flow(node, indent + 2), "\n");
      return;
    }
    if (inSequence && head === "" && node.kind === "mapping") {
      // The compact form: first member on the line of the dash.
      out.push(" ");
      this.members(node, indent, true);
      return;
    }
    out.push(head, "\n");
    if (node.kind === "mapping") this.members(node, indent);
    // A sequence under a key starts in the column of the key.
    else this.items(node, inSequence ? indent : indent - 2);
  }

  private items(node: SequenceNode, indent: number): void {
    const pad = " ".repeat(indent);
    for (const item of node.items) {
      this.out.push(pad, "-");
      this.value(item, indent + 2, true);
    }
  }

  private members(node: MappingNode, indent: number, compact = false): void {
    const pad = " ".repeat(indent);
    let first = compact;
    for (const [key, value] of node.items) {
      if (!first) this.out.push(pad);
      first = false;
      const simple = key.kind === "scalar" ? scalar(key) : "";
      if (key.kind === "scalar" && simple.length <= 120) this.out.push(simple, ":");
      else {
        this.out.push("?");
        this.value(key, indent + 2, true);
        this.out.push(pad, ":");
        this.value(value, indent + 2, true);
        continue;
      }
      this.value(value, indent + 2, false);
    }
  }
}

/** Whether a collection holds scalars only, short enough to be keys where they are keys. */
function isFlow(node: SequenceNode | MappingNode): boolean {
  if (node.kind === "sequence") return node.items.every((item) => item.kind === "scalar");
  return node.items.every(([k, v]) => k.kind === "scalar" && k.text.length <= 100 && v.kind === "scalar");
}

function flow(node: SequenceNode | MappingNode, indent: number): string {
  const words =
    node.kind === "sequence"
      ? node.items.map((item) => scalar(item as ScalarNode))
      : node.items.map(([k, v]) => `${scalar(k as ScalarNode)}: ${scalar(v as ScalarNode)}`);
  const [open, close] = node.kind === "sequence" ? "[]" : "{}";
  const pad = `\n${" ".repeat(indent)}`;
  let text = open;
  let column = indent + 1;
  words.forEach((word, i) => {
    const piece = i === words.length - 1 ? word : `${word},`;
    if (i > 0) {
      if (column + piece.length > WIDTH) {
        text += pad;
        column = indent;
      } else {
        text += " ";
        column++;
      }
    }
    text += piece;
    column += piece.length;
  });
  return text + close;
}

function properties(node: SequenceNode | MappingNode): string {
  let text = "";
  if (node.anchor !== undefined) text += ` &${node.anchor}`;
  if (node.tag !== undefined) text += ` ${shortTag(node.tag)}`;
  return text;
}

/** `tag:stsci.edu:asdf/core/x-1.0.0` is `!core/x-1.0.0`; tags of others are written in full. */
export function shortTag(tag: string): string {
  const safe = (text: string) => text.replace(/[^\w\-#;/?:@&=+$.~*'()%]/gu, (c) => encodeURIComponent(c));
  if (tag.startsWith(ASDF_TAGS) && tag.length > ASDF_TAGS.length) return `!${safe(tag.slice(ASDF_TAGS.length))}`;
  if (tag.startsWith(YAML_TAGS)) return `!!${safe(tag.slice(YAML_TAGS.length))}`;
  return `!<${tag.replace(/[^\w\-#;/?:@&=+$,.!~*'()[\]%]/gu, (c) => encodeURIComponent(c))}>`;
}

function scalar(node: ScalarNode): string {
  const text = node.string ? quote(node.text) : node.text;
  return node.tag === undefined ? text : `${shortTag(node.tag)} ${text}`;
}

/** Texts of these characters that start with a letter mean themselves wherever they stand. */
const PLAIN = /^[A-Za-z_/](?:[\w./+\-()=%;^~$@ ]*[\w./+\-()=%;^~$@])?$/;
// Line breaks, controls and what YAML 1.1 counts among them need escapes.
const SPECIAL = /[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]/u;

function quote(text: string): string {
  if (PLAIN.test(text) && scalarType(text) === "str" && !/^[yYnN]$/.test(text)) return text;
  if (!SPECIAL.test(text)) return `'${text.replaceAll("'", "''")}'`;
  let out = '"';
  for (const c of text) out += escaped(c);
  return `${out}"`;
}

const ESCAPES: Record<string, string> = {
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\0": "\\0",
  '"': '\\"',
  "\\": "\\\\",
};

function escaped(c: string): string {
  const known = ESCAPES[c];
  if (known) return known;
  const code = c.codePointAt(0)!;
  if (code > 0xffff) return c;
  if (code >= 0xd800 && code <= 0xdfff) return "\\uFFFD";
  return SPECIAL.test(c) ? `\\u${code.toString(16).toUpperCase().padStart(4, "0")}` : c;
}
