/**
 * Instantiate a compiled kernel that imports nothing.
 * @param text - the module, base64
 * @returns its exports, or undefined where the platform has no WASM SIMD or forbids compiling it: callers then use their
 *   TypeScript twin
 */
export function instantiate<T = WebAssembly.Exports>(text: string): T | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (s) => s.charCodeAt(0));
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as T;
  } catch {
    return undefined;
  }
}

/** Make a memory at least `bytes` long. Views of it are of no use afterwards. */
export function ensureMemory(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
}
