import { Association, type RegisteredRule } from "../association.js";
import { Member, type MemberData } from "../member.js";
import { AssociationPool } from "../pool/pool.js";
import { PoolRow } from "../pool/row.js";

/** Texts by number, numbers in one array: what travels between threads fast. */
export interface Packed {
  readonly strings: readonly string[];
  readonly numbers: Int32Array;
}

class Writer {
  private readonly known = new Map<string, number>();
  private readonly strings: string[] = [];
  private numbers = new Int32Array(1024);
  private length = 0;

  number(value: number): void {
    if (this.length === this.numbers.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers[this.length++] = value;
  }

  text(value: string | null | undefined): void {
    if (value === null || value === undefined) {
      this.number(-1);
      return;
    }
    let id = this.known.get(value);
    if (id === undefined) {
      this.known.set(value, (id = this.strings.length));
      this.strings.push(value);
    }
    this.number(id);
  }

  finish(): Packed {
    return { strings: this.strings, numbers: this.numbers.slice(0, this.length) };
  }
}

class Reader {
  private at = 0;
  private readonly packed: Packed;
  constructor(packed: Packed) {
    this.packed = packed;
  }

  get ended(): boolean {
    return this.at >= this.packed.numbers.length;
  }

  number(): number {
    return this.packed.numbers[this.at++];
  }

  text(): string | undefined {
    const id = this.number();
    return id < 0 ? undefined : this.packed.strings[id];
  }
}

/** The texts of a pool, as JSON, and its values by their numbers; both in shared memory, the same for all workers. */
export interface PackedPool {
  readonly name: string;
  readonly columns: readonly string[];
  readonly strings: Uint8Array;
  /** Line, position and values of each row. */
  readonly numbers: Int32Array;
}

export function packPool(pool: AssociationPool): PackedPool {
  const writer = new Writer();
  for (const row of pool.rows) {
    writer.number(row.line);
    writer.number(row.index);
    for (const column of pool.columns) writer.text(row.get(column));
  }
  const { strings, numbers } = writer.finish();
  const text = new TextEncoder().encode(JSON.stringify(strings));
  const shared = new Uint8Array(new SharedArrayBuffer(text.length));
  shared.set(text);
  const sharedNumbers = new Int32Array(new SharedArrayBuffer(numbers.byteLength));
  sharedNumbers.set(numbers);
  return { name: pool.name, columns: pool.columns, strings: shared, numbers: sharedNumbers };
}

export function unpackPool({ name, columns, strings, numbers }: PackedPool): AssociationPool {
  // Decoders refuse shared memory.
  const reader = new Reader({
    strings: JSON.parse(new TextDecoder().decode(strings.slice())) as string[],
    numbers,
  });
  const rows: PoolRow[] = [];
  while (!reader.ended) {
    const place = { pool: name, line: reader.number(), index: reader.number() };
    const values: Record<string, string> = {};
    for (const column of columns) {
      const value = reader.text();
      if (value !== undefined) values[column] = value;
    }
    rows.push(new PoolRow(values, place));
  }
  return new AssociationPool(name, columns, rows);
}

/** After the last slot of an association. */
const END = -1;

const scalar = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? JSON.stringify(value)
    : undefined;

/**
 * Associations as numbers and texts. What their constraints have fixed and found, their members and plain values in `meta`
 * go along; `rules` gives rules their numbers.
 */
export function packAssociations(associations: readonly Association[], rules: readonly RegisteredRule[]): Packed {
  const writer = new Writer();
  const numbers = new Map(rules.map((rule, i) => [rule, i]));
  for (const association of associations) {
    writer.number(numbers.get(association.registered) as number);
    for (const value of [association.order, association.sequence, association.memberCount]) writer.number(value);
    writer.number(Number(association.degraded) + 2 * Number(association.hasScience));
    const { acid } = association;
    for (const text of [
      association.versionId,
      association.asnType,
      association.program,
      association.target,
      association.pool,
      association.givenName,
      acid.id,
      acid.type,
    ])
      writer.text(text);
    const meta = Object.entries(association.meta).filter(([, value]) => scalar(value) !== undefined);
    writer.text(meta.length === 0 ? undefined : JSON.stringify(Object.fromEntries(meta)));
    writer.number(association.validity.size);
    for (const [name, passed] of association.validity) {
      writer.text(name);
      writer.number(Number(passed));
    }
    packState(writer, association);
    packProducts(writer, association);
  }
  return writer.finish();
}

/** The slots that hold something: number and match in one, then what is fixed and found. */
function packState(writer: Writer, { state, registered }: Association): void {
  const { slots } = registered.constraints;
  for (let slot = 1; slot < slots; slot++) {
    const matched = state.matched[slot];
    const found = state.found[slot];
    const value = scalar(state.value[slot]);
    const fixed = state.fixed[slot];
    if (matched === undefined && found === undefined && value === undefined && fixed === undefined) continue;
    writer.number(slot * 4 + (matched === undefined ? 0 : matched ? 2 : 1));
    writer.text(fixed);
    writer.text(state.source[slot]);
    writer.text(value);
    writer.number(found?.length ?? -1);
    if (found !== undefined) for (const text of found) writer.text(text);
  }
  writer.number(END);
}

/** Absent and null are different things in a member. */
const NULL = "\0null";

function packProducts(writer: Writer, { products }: Association): void {
  writer.number(products.length);
  for (const { name, members } of products) {
    writer.text(name);
    writer.number(members.length);
    for (const { data, item } of members) {
      const { expname, exptype, exposerr, asn_candidate, ...rest } = data;
      writer.text(expname);
      writer.text(exptype);
      writer.text(exposerr === null ? NULL : exposerr);
      writer.text(asn_candidate);
      let more: string | undefined;
      for (const _ in rest) more ??= JSON.stringify(rest);
      writer.text(more);
      writer.number(item?.index ?? -1);
      const change = item?.change;
      writer.text(change?.column);
      writer.text(change?.value);
      writer.number(change?.element ? 1 : 0);
    }
  }
}

/**
 * The reverse of {@link packAssociations}.
 * @param rows - rows of the pool by their position
 */
export function unpackAssociations(
  packed: Packed,
  rules: readonly RegisteredRule[],
  rows: ReadonlyMap<number, PoolRow>,
): Association[] {
  const reader = new Reader(packed);
  const out: Association[] = [];
  // Members that are made from the same copy of a row share it, and constraints that have found the same value the list.
  const copies = new Map<string, Map<number, PoolRow>>();
  const itemOf = (index: number, column?: string, value?: string, element = false): PoolRow | undefined => {
    const row = rows.get(index);
    if (row === undefined || column === undefined || value === undefined) return row;
    const key = `${column}\n${value}\n${element}`;
    let ofValue = copies.get(key);
    if (ofValue === undefined) copies.set(key, (ofValue = new Map()));
    let copy = ofValue.get(index);
    if (copy === undefined) ofValue.set(index, (copy = element ? row.element(column, value) : row.with(column, value)));
    return copy;
  };
  const singles = new Map<string, readonly string[]>();
  const one = (text: string): readonly string[] => {
    let list = singles.get(text);
    if (list === undefined) singles.set(text, (list = [text]));
    return list;
  };
  while (!reader.ended) {
    const association = new Association(rules[reader.number()]);
    association.order = reader.number();
    association.sequence = reader.number();
    const memberCount = reader.number();
    const flags = reader.number();
    association.versionId = reader.text() ?? null;
    association.asnType = reader.text() as string;
    association.program = reader.text() as string;
    association.target = reader.text();
    association.pool = reader.text() as string;
    const name = reader.text();
    if (name !== undefined) association.name = name;
    association.acid = { id: reader.text() as string, type: reader.text() as string };
    const meta = reader.text();
    if (meta !== undefined) Object.assign(association.meta, JSON.parse(meta));
    for (let n = reader.number(); n > 0; n--) association.validity.set(reader.text() as string, reader.number() === 1);
    unpackState(reader, association, one);
    for (let n = reader.number(); n > 0; n--) {
      const product = association.newProduct(reader.text());
      for (let m = reader.number(); m > 0; m--) {
        const data = unpackMember(reader);
        const item = itemOf(reader.number(), reader.text(), reader.text(), reader.number() === 1);
        product.members.push(new Member(data, item));
      }
    }
    association.adopt({ memberCount, degraded: (flags & 1) !== 0, hasScience: (flags & 2) !== 0 });
    out.push(association);
  }
  return out;
}

function unpackState(reader: Reader, { state }: Association, one: (text: string) => readonly string[]): void {
  for (let head = reader.number(); head !== END; head = reader.number()) {
    const slot = head >> 2;
    const matched = head & 3;
    if (matched !== 0) state.matched[slot] = matched === 2;
    const fixed = reader.text();
    if (fixed !== undefined) state.fixed[slot] = fixed;
    const source = reader.text();
    if (source !== undefined) state.source[slot] = source;
    const value = reader.text();
    if (value !== undefined) state.value[slot] = JSON.parse(value);
    const found = reader.number();
    if (found === 1) state.found[slot] = one(reader.text() as string);
    else if (found >= 0) state.found[slot] = Array.from({ length: found }, () => reader.text() as string);
  }
}

function unpackMember(reader: Reader): MemberData {
  const data: MemberData = { expname: reader.text() as string, exptype: reader.text() as string };
  const exposerr = reader.text();
  if (exposerr !== undefined) data.exposerr = exposerr === NULL ? null : exposerr;
  const candidate = reader.text();
  if (candidate !== undefined) data.asn_candidate = candidate;
  const more = reader.text();
  return more === undefined ? data : Object.assign(data, JSON.parse(more));
}
