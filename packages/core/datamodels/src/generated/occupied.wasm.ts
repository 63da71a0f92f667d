// Compiled from assembly/occupied.ts by tools/wasm/build.mjs; do not edit.

/** The compiled module, base64. */
export const occupiedWasm: string =
  "AGFzbQEAAAABBwFgAn9/AX8DAgEABQMBAAAHFQIIb2NjdXBpZWQAAAZtZW1vcnkCAApKAUgBAXsDQCAAIAFJBEAgAP0ABAAiAv1TBEAgACAC/QwAAAAAAAAAAAAAAAAAAAAA/Tj9pAFoQQJ0ag8LIABBEGohAAwBCwsgAQs=";
