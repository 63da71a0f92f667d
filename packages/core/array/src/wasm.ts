/** Compiled modules by their text: what the engine has learnt about a kernel serves the next piece of work too. */
const modules = new Map<string, WebAssembly.Module>();

function compile(text: string): WebAssembly.Module {
  let module = modules.get(text);
  if (module === undefined) {
    module = new WebAssembly.Module(Uint8Array.from(atob(text), (s) => s.charCodeAt(0)));
    modules.set(text, module);
  }
  return module;
}

/**
 * Instantiate a compiled kernel that imports nothing.
 * @param text - the module, base64
 * @returns its exports, or undefined where the platform has no WASM SIMD or forbids compiling it: callers then use their
 *   TypeScript twin
 */
export function instantiate<T = WebAssembly.Exports>(text: string): T | undefined {
  try {
    return new WebAssembly.Instance(compile(text)).exports as T;
  } catch {
    return undefined;
  }
}

/** Make a memory at least `bytes` long. Views of it are of no use afterwards. */
export function ensureMemory(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
}
