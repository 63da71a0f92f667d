import type { Association, RegisteredRule } from "../association.js";
import type { IndexLevel } from "../constraint/compile.js";
import type { PoolRow } from "../pool/row.js";

/** Associations that agree in all columns of the index. */
interface Leaf {
  /** Those without their science member, or of rules where that does not matter. */
  readonly open: Association[];
  /** Those that take only rows which the rule says they may. */
  readonly closed: Association[];
}

interface Branch {
  readonly children: Map<string, Branch | Leaf>;
}

interface Place {
  readonly leaf: Leaf;
  readonly key: string;
  closed: boolean;
}

/** Where several columns may give the value, the key says which one did. */
const keyOf = (sources: readonly string[], source: string, value: string): string =>
  sources.length === 1 ? value.toLowerCase() : `${source}=${value.toLowerCase()}`;

/** Key of associations that have not fixed a column. */
const OPEN = "";

/**
 * The associations of one rule, found by the values that their constraints have fixed: a row meets only those that it may
 * belong to, so that the time for a pool grows with the number of memberships rather than with its square.
 */
export class AssociationIndex {
  private readonly levels: readonly IndexLevel[];
  private readonly registered: RegisteredRule;
  private readonly root: Branch = { children: new Map() };
  private readonly byFilename = new Map<string, Association[]>();
  private readonly asideIndex = new Map<string, Association[]>();
  /** How many values of an association the aside index holds; values only ever are added at the end. */
  private readonly noted = new Map<Association, number>();
  size = 0;

  constructor(registered: RegisteredRule) {
    this.registered = registered;
    this.levels = registered.constraints.levels;
  }

  insert(association: Association): void {
    this.size++;
    this.put(association);
    for (const filename of association.filenames) this.noteFile(association, filename);
    this.noteAside(association);
  }

  /** After a row joined: its file is known, and the association may have fixed more columns or been closed. */
  update(association: Association, item: PoolRow, narrowed: boolean): void {
    this.noteFile(association, item.identity);
    this.noteAside(association);
    const place = association.place as Place;
    const closed = this.isClosed(association);
    if (closed === place.closed && !(narrowed && this.key(association) !== place.key)) return;
    const list = place.closed ? place.leaf.closed : place.leaf.open;
    list.splice(list.indexOf(association), 1);
    this.put(association);
  }

  /**
   * Associations that the row is in or may join, in the order in which they were made. The row must be one that the rule's
   * constraints may match at all.
   */
  candidates(item: PoolRow): Association[] {
    const out: Association[] = [];
    if (this.size === 0) return out;
    const closed = this.registered.rule.closedTo === undefined || !this.registered.rule.closedTo(item);
    this.collect(this.root, 0, item, closed, out);
    const { aside } = this.registered.constraints;
    if (aside?.test(item)) {
      const value = item.valid(aside.column);
      if (value !== undefined) merge(out, this.asideIndex.get(value));
    }
    merge(out, this.byFilename.get(item.identity));
    if (out.length > 1) out.sort((a, b) => a.order - b.order);
    return out;
  }

  private isClosed(association: Association): boolean {
    return association.hasScience && this.registered.rule.closedTo !== undefined;
  }

  private keys(association: Association): string[] {
    return this.levels.map(({ node, sources }) => {
      const fixed = association.state.fixed[node.slot];
      return fixed === undefined ? OPEN : keyOf(sources, association.state.source[node.slot] as string, fixed);
    });
  }

  private key(association: Association): string {
    return this.keys(association).join("\n");
  }

  private put(association: Association): void {
    const keys = this.keys(association);
    let branch: Branch | Leaf = this.root;
    keys.forEach((key, i) => {
      const { children } = branch as Branch;
      let next = children.get(key);
      if (next === undefined) {
        next = i === keys.length - 1 ? { open: [], closed: [] } : { children: new Map() };
        children.set(key, next);
      }
      branch = next;
    });
    if (keys.length === 0) {
      const { children } = this.root;
      if (!children.has(OPEN)) children.set(OPEN, { open: [], closed: [] });
      branch = children.get(OPEN)!;
    }
    const leaf = branch as Leaf;
    const closed = this.isClosed(association);
    (closed ? leaf.closed : leaf.open).push(association);
    association.place = { leaf, key: keys.join("\n"), closed } satisfies Place;
  }

  private collect(branch: Branch | Leaf, depth: number, item: PoolRow, closed: boolean, out: Association[]): void {
    if (!("children" in branch)) {
      for (const association of branch.open) out.push(association);
      if (closed) for (const association of branch.closed) out.push(association);
      return;
    }
    const level = this.levels[depth];
    const { children } = branch;
    if (level === undefined || level.anyway?.(item)) {
      for (const child of children.values()) this.collect(child, depth + 1, item, closed, out);
      return;
    }
    const open = children.get(OPEN);
    if (open !== undefined) this.collect(open, depth + 1, item, closed, out);
    let missing = false;
    for (const source of level.sources) {
      const value = item.valid(source);
      if (value === undefined) {
        missing = true;
        continue;
      }
      const child = children.get(keyOf(level.sources, source, value));
      if (child !== undefined) this.collect(child, depth + 1, item, closed, out);
    }
    // An association that has fixed a column takes rows that leave it out, where it is not required.
    if (missing && !level.required)
      for (const [key, child] of children) {
        if (key === OPEN) continue;
        if (level.sources.length === 1 || item.valid(key.slice(0, key.indexOf("="))) === undefined)
          this.collect(child, depth + 1, item, closed, out);
      }
  }

  private noteFile(association: Association, filename: string): void {
    const list = this.byFilename.get(filename);
    if (list === undefined) this.byFilename.set(filename, [association]);
    else if (list[list.length - 1] !== association && !list.includes(association)) list.push(association);
  }

  private noteAside(association: Association): void {
    const { aside } = this.registered.constraints;
    if (aside === undefined) return;
    const found = association.state.found[aside.node.slot] ?? [];
    const before = this.noted.get(association) ?? 0;
    if (found.length === before) return;
    this.noted.set(association, found.length);
    for (const value of found.slice(before)) {
      const list = this.asideIndex.get(value);
      if (list === undefined) this.asideIndex.set(value, [association]);
      else list.push(association);
    }
  }
}

function merge(out: Association[], more: readonly Association[] | undefined): void {
  if (more === undefined) return;
  if (out.length === 0) {
    for (const association of more) out.push(association);
    return;
  }
  const known = new Set(out);
  for (const association of more) if (!known.has(association)) out.push(association);
}
