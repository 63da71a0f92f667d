import type { PoolRow } from "./pool/row.js";

export interface MemberData {
  expname: string;
  exptype: string;
  exposerr?: string | null;
  asn_candidate?: string;
  [key: string]: unknown;
}

/** A member of a product; it knows the exposure it was made from. */
export class Member {
  readonly data: MemberData;
  readonly item: PoolRow | undefined;

  constructor(data: MemberData, item?: PoolRow) {
    this.data = data;
    this.item = item;
  }

  get expname(): string {
    return this.data.expname;
  }

  get exptype(): string {
    return this.data.exptype;
  }

  /** Two members are the same when file and type are. */
  get key(): string {
    return `${this.data.exptype}\n${this.data.expname}`;
  }

  /** A copy with other entries. */
  with(change: Partial<MemberData>): Member {
    return new Member({ ...this.data, ...change }, this.item);
  }

  toJSON(): MemberData {
    return this.data;
  }
}

export interface Product {
  name: string;
  members: Member[];
}
