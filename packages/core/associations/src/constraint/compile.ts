import type { PoolRow } from "../pool/row.js";
import type { AnyConstraint, Constraint } from "./declare.js";
import { AttrNode, GroupNode, matchesPattern, type Node, SimpleNode } from "./nodes.js";

/** A column that all associations of a rule agree about in one value: what they are indexed by. */
export interface IndexLevel {
  readonly node: AttrNode;
  readonly sources: readonly string[];
  readonly required: boolean;
  /** Rows that may match associations whatever the column says. */
  readonly anyway: ((item: PoolRow) => boolean) | undefined;
}

/** Values of a column that no association of the rule takes. */
interface Filter {
  readonly passes: (item: PoolRow) => boolean;
}

export interface CompiledConstraint {
  readonly root: GroupNode;
  /** How many slots there are: 0 is nobody's, those of functions come first, then those of columns. Groups have none. */
  readonly slots: number;
  /** Where the slots of functions end. */
  readonly valueSlots: number;
  readonly byName: ReadonlyMap<string, Node>;
  /** Leaves in order. */
  readonly leaves: readonly (AttrNode | SimpleNode)[];
  readonly levels: readonly IndexLevel[];
  /** Rows for which `test` is true may match associations whose `node` has found the row's value of `column`. */
  readonly aside: { test: (item: PoolRow) => boolean; node: Node; column: string } | undefined;
  /** Whether some association might take the row; false is certain. */
  mayMatch(item: PoolRow): boolean;
}

/** Place a constraint in a rule: slots for its values, filters and index levels. */
export function compileConstraint(constraint: Constraint): CompiledConstraint {
  const nodes = new Map<AnyConstraint, Node>();
  const byName = new Map<string, Node>();
  const leaves: (AttrNode | SimpleNode)[] = [];
  const valueSlots = 1 + countFunctions(constraint, new Set());
  let nextValue = 1;
  let slots = valueSlots;
  const place = (declared: AnyConstraint): Node => {
    const known = nodes.get(declared);
    if (known !== undefined) return known;
    const slot = declared.kind === "group" ? 0 : declared.kind === "attr" ? slots++ : nextValue++;
    let node: Node;
    if (declared.kind === "group") {
      const early = declared.name;
      const reserve = early !== undefined && !byName.has(early);
      // The name of a group comes before the names of its parts.
      if (reserve) byName.set(early, undefined as never);
      node = new GroupNode(declared, slot, declared.parts.map(place));
      if (reserve) byName.set(early, node);
    } else {
      const leaf = declared.kind === "attr" ? new AttrNode(declared, slot) : new SimpleNode(declared, slot);
      leaves.push(leaf);
      if (leaf.name !== undefined && !byName.has(leaf.name)) byName.set(leaf.name, leaf);
      node = leaf;
    }
    nodes.set(declared, node);
    return node;
  };
  const root = place(constraint) as GroupNode;

  const levels: IndexLevel[] = [];
  const filters: Filter[] = [];
  let aside: CompiledConstraint["aside"];
  const descend = (node: Node, anyway: ((item: PoolRow) => boolean) | undefined): void => {
    if (node instanceof GroupNode) {
      const { options } = node.declared;
      if (options.reprocessOnFail) return;
      const reduce = options.reduce ?? "all";
      if (reduce === "all" || (reduce === "any" && node.parts.length === 1)) {
        for (const part of node.parts) descend(part, anyway);
      } else if (reduce === "any" && options.mainPart !== undefined) {
        const { index, unless, by } = options.mainPart;
        if (by === undefined) descend(node.parts[index], anyway === undefined ? unless : (i) => anyway(i) || unless(i));
        else if (anyway === undefined) {
          const found = byName.get(by.name);
          if (found !== undefined) aside = { test: unless, node: found, column: by.column };
          const before = filters.length;
          descend(node.parts[index], undefined);
          for (let i = before; i < filters.length; i++) {
            const { passes } = filters[i];
            filters[i] = { passes: (item) => unless(item) || passes(item) };
          }
        }
      }
    } else if (node instanceof AttrNode) {
      const o = node.declared.options;
      if (typeof o.value === "function" || o.evaluate) return;
      if (o.forceUndefined) {
        filters.push({ passes: (item) => o.sources.every((s) => item.valid(s) === undefined) });
        return;
      }
      if (o.value !== undefined && o.onlyIf === undefined && anyway === undefined)
        filters.push(patternFilter(o.sources, typeof o.value === "string" ? [o.value] : o.value, o.required ?? true));
      if (o.forceUnique !== false) {
        const { onlyIf } = o;
        levels.push({
          node,
          sources: o.sources,
          required: o.required ?? true,
          anyway:
            onlyIf === undefined
              ? anyway
              : anyway === undefined
                ? (item) => !onlyIf(item)
                : (item) => anyway(item) || !onlyIf(item),
        });
      }
    }
  };
  descend(root, undefined);
  // Columns that every association has fixed come first: the tree of the index stays narrow.
  levels.sort((a, b) => Number(rank(a)) - Number(rank(b)));
  return {
    root,
    slots,
    valueSlots,
    byName,
    leaves,
    levels,
    aside,
    mayMatch: (item) => filters.every((f) => f.passes(item)),
  };
}

/** Constraints on what functions say, each counted once. */
function countFunctions(declared: AnyConstraint, seen: Set<AnyConstraint>): number {
  if (seen.has(declared)) return 0;
  seen.add(declared);
  if (declared.kind !== "group") return declared.kind === "simple" ? 1 : 0;
  return declared.parts.reduce((n, part) => n + countFunctions(part, seen), 0);
}

const rank = (level: IndexLevel): boolean => !level.required || level.anyway !== undefined;

function patternFilter(sources: readonly string[], patterns: readonly string[], required: boolean): Filter {
  const memo = new Map<string, boolean>();
  return {
    passes(item) {
      let value: string | undefined;
      for (const s of sources) if ((value = item.valid(s)) !== undefined) break;
      if (value === undefined) return !required;
      let ok = memo.get(value);
      if (ok === undefined) {
        ok = patterns.some((p) => matchesPattern(value, p));
        if (memo.size < 1000) memo.set(value, ok);
      }
      return ok;
    },
  };
}
