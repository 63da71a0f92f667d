/**
 * Instantiate a compiled kernel that imports nothing.
 * @param text - the module, base64
 * @returns its exports, or undefined where the platform has no WASM SIMD or forbids compiling it: callers then use their
 *   TypeScript twin
 */
export function instantiate(text: string): WebAssembly.Exports | undefined {
  try {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = raw.charCodeAt(i);
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  } catch {
    return undefined;
  }
}

/** Make a memory at least `bytes` long. */
export function ensureMemory(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
}
