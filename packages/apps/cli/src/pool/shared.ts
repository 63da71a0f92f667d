/**
 * Arguments whose arrays lie in shared memory. Arrays that do not are copied there once per buffer, so that what a worker writes into
 * them can be brought back: pieces of one run see and change the same memory as they would on one thread.
 */
export interface SharedArguments {
  readonly pieces: readonly unknown[];
  /** Copy what workers wrote into the caller's own arrays. */
  bringBack(): void;
}

type View = ArrayBufferView & { readonly length: number };
type ViewConstructor = new (buffer: SharedArrayBuffer, offset: number, length: number) => View;

export function shareArguments(pieces: readonly unknown[]): SharedArguments {
  const copies = new Map<ArrayBufferLike, SharedArrayBuffer>();
  const shared = (buffer: ArrayBufferLike): SharedArrayBuffer => {
    let copy = copies.get(buffer);
    if (!copy) {
      copy = new SharedArrayBuffer(buffer.byteLength);
      new Uint8Array(copy).set(new Uint8Array(buffer));
      copies.set(buffer, copy);
    }
    return copy;
  };
  const share = (value: unknown): unknown => {
    if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof SharedArrayBuffer || value instanceof DataView) return value;
      const view = value as View;
      const Type = view.constructor as unknown as ViewConstructor;
      return new Type(shared(view.buffer), view.byteOffset, view.length);
    }
    if (Array.isArray(value)) return value.map(share);
    if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, share(item)]));
    return value;
  };
  return {
    pieces: pieces.map(share),
    bringBack: () => {
      for (const [own, copy] of copies) new Uint8Array(own).set(new Uint8Array(copy));
    },
  };
}
