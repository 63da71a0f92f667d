import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException } from "js-yaml";
import { formatError } from "./error.js";
import { FloatScalar, MERGE, resolvePlain, resolveTagged } from "./scalar.js";
import { type AsdfMapping, markFloat, setOwn, Tagged } from "./tree.js";

/** Turns a finished node with a tag into what the tree holds; undefined leaves it to {@link Tagged}. */
export type Construct = (tag: string, value: unknown) => unknown;

export interface YamlReadOptions {
  /** Name for messages. */
  file: string;
  /** Deepest nesting of collections. */
  maxDepth: number;
  /** Largest number of nodes in the text. */
  maxNodes: number;
  /** Largest number of nodes when every alias is written out. */
  maxExpandedNodes: number;
  /** Types that need all their members before they can be made; they cannot contain themselves. */
  construct: Construct;
  /** Whether `construct` makes this tag. */
  constructs: (tag: string) => boolean;
}

const YAML_TAG = "tag:yaml.org,2002:";

/** The non-specific tag. YAML 1.1 writers mark with it quoted scalars that are to be read as if they were plain: `! '2024-01-01 00:00:00'`. */
const NON_SPECIFIC = "!";

const PLAIN_TAGS = new Set([NON_SPECIFIC, ...["map", "seq", "str"].map((name) => YAML_TAG + name)]);

/** Spaces after a line break of YAML 1.1 that is an ordinary character to YAML 1.2: indentation, not text. */
const INDENTED_SEPARATOR = /([\u2028\u2029])[ \t]+/g;

/** A collection under construction. */
interface Frame {
  mapping: boolean;
  tag: string | undefined;
  /** What an alias to this node gives. */
  node: unknown;
  items: unknown[] | undefined;
  object: AsdfMapping | undefined;
  map: Map<unknown, unknown> | undefined;
  anchor: string | undefined;
  key: unknown;
  haveKey: boolean;
  /** An alias inside points here, so the object may no longer be replaced. */
  pinned: boolean;
  merges: unknown[] | undefined;
  floatKeys: unknown[] | undefined;
  numbers: number;
}

/** Build the tree of the first YAML document in a text. */
export function readYaml(written: string, options: YamlReadOptions): unknown {
  const { file, maxNodes } = options;
  const text = written.replace(INDENTED_SEPARATOR, "$1");
  // Every node but the first follows one of these characters; parsing needs some hundred bytes per node.
  let marks = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 44 || c === 58 || c === 91 || c === 123) marks++;
  }
  if (marks > 2 * maxNodes)
    throw formatError(file, `the YAML tree has more than ${maxNodes} nodes`, { wanted: `at most ${maxNodes} nodes` });
  let events: Event[];
  try {
    events = parseEvents(text, { maxDepth: options.maxDepth });
  } catch (cause) {
    if (!(cause instanceof YAMLException) && !(cause instanceof RangeError)) throw cause;
    const mark = cause instanceof YAMLException ? cause.mark : undefined;
    const where = mark ? `line ${mark.line + 1}, column ${mark.column + 1} of the tree` : undefined;
    const reason = cause instanceof YAMLException ? cause.reason : "nested too deeply";
    throw formatError(file, `the YAML tree cannot be read: ${reason}${where ? ` at ${where}` : ""}`, { where, cause });
  }
  return new Builder(text, events, options).build();
}

class Builder {
  private readonly text: string;
  private readonly events: Event[];
  private readonly options: YamlReadOptions;
  private readonly handles = new Map<string, string>([
    ["!", "!"],
    ["!!", YAML_TAG],
  ]);
  private readonly anchors = new Map<string, { frame?: Frame; value?: unknown }>();
  private readonly tagCache = new Map<string, string | undefined>();
  private readonly stack: Frame[] = [];
  private root: unknown = null;

  constructor(text: string, events: Event[], options: YamlReadOptions) {
    this.text = text;
    this.events = events;
    this.options = options;
  }

  build(): unknown {
    let documents = 0;
    for (const event of this.events) {
      switch (event.type) {
        case EVENT_ID.DOCUMENT:
          if (documents++ > 0) throw formatError(this.options.file, "more than one YAML document before the blocks");
          for (const d of event.directives) if (d.kind === "tag") this.handles.set(d.handle, d.prefix);
          break;
        case EVENT_ID.SEQUENCE:
        case EVENT_ID.MAPPING:
          this.open(event.type === EVENT_ID.MAPPING, this.tag(event), this.slice(event.anchorStart, event.anchorEnd));
          break;
        case EVENT_ID.SCALAR: {
          const value = this.scalar(
            getScalarValue(this.text, event),
            this.tag(event),
            event.style === SCALAR_STYLE.PLAIN,
          );
          const anchor = this.slice(event.anchorStart, event.anchorEnd);
          if (anchor !== undefined) this.anchors.set(anchor, { value });
          this.add(value);
          break;
        }
        case EVENT_ID.ALIAS: {
          const name = this.slice(event.anchorStart, event.anchorEnd) ?? "";
          const known = this.anchors.get(name);
          if (!known) throw formatError(this.options.file, `alias *${name} has no anchor &${name} before it`);
          if (known.frame) {
            if (known.frame.tag !== undefined && this.options.constructs(known.frame.tag))
              throw formatError(this.options.file, `a ${known.frame.tag} contains itself (alias *${name})`);
            known.frame.pinned = true;
            this.add(known.frame.node);
          } else this.add(known.value);
          break;
        }
        case EVENT_ID.POP:
          if (this.stack.length) this.close(this.stack.pop()!);
          break;
      }
    }
    this.checkExpansion();
    return this.root instanceof FloatScalar ? this.root.value : this.root;
  }

  private slice(start: number, end: number): string | undefined {
    return start < 0 ? undefined : this.text.slice(start, end);
  }

  private tag(event: { tagStart: number; tagEnd: number }): string | undefined {
    const raw = this.slice(event.tagStart, event.tagEnd);
    if (raw === undefined) return undefined;
    if (!this.tagCache.has(raw)) this.tagCache.set(raw, this.resolveTag(raw));
    return this.tagCache.get(raw);
  }

  private resolveTag(raw: string): string | undefined {
    if (raw.startsWith("!<") && raw.endsWith(">")) return decodeTag(raw.slice(2, -1));
    if (raw === NON_SPECIFIC) return raw;
    const m = /^(![\w-]*!|!)(.*)$/s.exec(raw);
    const prefix = m ? this.handles.get(m[1]) : undefined;
    if (!m || prefix === undefined)
      throw formatError(this.options.file, `tag ${raw} uses a handle that no %TAG line defines`);
    return prefix + decodeTag(m[2]);
  }

  private scalar(text: string, tag: string | undefined, plain: boolean): unknown {
    if (tag === undefined || tag === NON_SPECIFIC) return plain || tag ? resolvePlain(text) : text;
    if (tag.startsWith(YAML_TAG)) {
      const value = resolveTagged(tag.slice(YAML_TAG.length), text);
      if (value !== undefined) return value;
    }
    const made = this.options.constructs(tag) ? this.options.construct(tag, text) : undefined;
    if (made !== undefined) return made;
    // A tagged scalar stays text, as in the peer: the type of `!core/constant 5` is for the reader of that tag.
    return new Tagged(tag, text);
  }

  private open(mapping: boolean, tag: string | undefined, anchor: string | undefined): void {
    const items: unknown[] | undefined = mapping ? undefined : [];
    const object: AsdfMapping | undefined = mapping ? {} : undefined;
    const bare = tag === undefined || PLAIN_TAGS.has(tag);
    const value = items ?? object;
    const frame: Frame = {
      mapping,
      tag: bare ? undefined : tag,
      node: bare || this.options.constructs(tag) ? value : new Tagged(tag, value),
      items,
      object,
      map: undefined,
      anchor,
      key: undefined,
      haveKey: false,
      pinned: false,
      merges: undefined,
      floatKeys: undefined,
      numbers: 0,
    };
    if (anchor !== undefined) this.anchors.set(anchor, { frame });
    this.stack.push(frame);
  }

  private add(value: unknown): void {
    const frame = this.stack[this.stack.length - 1];
    if (value === MERGE && !(frame?.mapping && !frame.haveKey)) value = "<<";
    if (!frame) {
      this.root = value;
      return;
    }
    if (!frame.mapping) {
      const items = frame.items!;
      if (value instanceof FloatScalar) {
        (frame.floatKeys ??= []).push(items.length);
        frame.numbers++;
        items.push(value.value);
      } else {
        if (typeof value === "number") frame.numbers++;
        items.push(value);
      }
    } else if (!frame.haveKey) {
      frame.key = value instanceof FloatScalar ? value.value : value;
      frame.haveKey = true;
    } else {
      frame.haveKey = false;
      if (frame.key === MERGE) (frame.merges ??= []).push(value);
      else this.put(frame, frame.key, value);
    }
  }

  private put(frame: Frame, key: unknown, value: unknown): void {
    let plain = value;
    if (value instanceof FloatScalar) {
      (frame.floatKeys ??= []).push(key);
      plain = value.value;
    } else if (frame.floatKeys && (frame.map ? frame.map.has(key) : Object.hasOwn(frame.object!, key as string))) {
      // A repeated key: the later value counts, also for its type.
      const at = frame.floatKeys.indexOf(key);
      if (at >= 0) frame.floatKeys.splice(at, 1);
    }
    if (!frame.map && typeof key !== "string") {
      if (typeof key === "object" && key !== null && !(key instanceof Tagged) && !Array.isArray(key)) key = String(key);
      if (frame.pinned)
        throw formatError(this.options.file, "a mapping that contains itself has a key that is not a string");
      frame.map = new Map(Object.entries(frame.object!));
      if (frame.node instanceof Tagged) frame.node.value = frame.map;
      else frame.node = frame.map;
    }
    if (frame.map) frame.map.set(key, plain);
    else setOwn(frame.object!, key as string, plain);
  }

  private merge(frame: Frame): void {
    const has = (key: unknown) => (frame.map ? frame.map.has(key) : Object.hasOwn(frame.object!, key as string));
    for (const source of frame.merges!.flat()) {
      const entries =
        source instanceof Map
          ? source.entries()
          : typeof source === "object" && source !== null && !(source instanceof Tagged)
            ? Object.entries(source)
            : undefined;
      if (!entries) throw formatError(this.options.file, "a merge key (<<) needs a mapping or a list of mappings");
      for (const [key, value] of entries) if (!has(key)) this.put(frame, key, value);
    }
  }

  private close(frame: Frame): void {
    if (frame.merges) this.merge(frame);
    const container = frame.map ?? frame.object ?? frame.items!;
    if (frame.floatKeys) {
      if (frame.items && frame.floatKeys.length === frame.numbers) markFloat(container);
      else for (const key of frame.floatKeys) markFloat(container, key);
    }
    let node = frame.node;
    if (frame.tag !== undefined && this.options.constructs(frame.tag))
      node = this.options.construct(frame.tag, container) ?? new Tagged(frame.tag, container);
    if (frame.anchor !== undefined) this.anchors.set(frame.anchor, { value: node });
    this.add(node);
  }

  /** Aliases cost nothing here, but would in any code that walks the tree: refuse trees that are small only as written. */
  private checkExpansion(): void {
    const { maxExpandedNodes, file } = this.options;
    const sizes = new Map<object, number>();
    const count = (node: unknown): number => {
      if (typeof node !== "object" || node === null) return 1;
      const known = sizes.get(node);
      if (known !== undefined) return known;
      sizes.set(node, 1);
      let n = 1;
      if (Array.isArray(node)) for (const item of node) n += count(item);
      else if (node instanceof Tagged) n += count(node.value);
      else if (node instanceof Map) for (const [k, v] of node) n += count(k) + count(v);
      else if (Object.getPrototypeOf(node) === Object.prototype)
        for (const key of Object.keys(node)) n += 1 + count((node as AsdfMapping)[key]);
      if (n > maxExpandedNodes)
        throw formatError(
          file,
          `the tree expands to more than ${maxExpandedNodes} nodes when its aliases are followed`,
          {
            wanted: `at most ${maxExpandedNodes} nodes`,
          },
        );
      sizes.set(node, n);
      return n;
    };
    count(this.root);
  }
}

function decodeTag(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
