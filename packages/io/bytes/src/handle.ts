import type { ByteSource, SourceHandle } from "./types.js";

/** Open a source again, in whatever thread this is; who opens it closes it. */
export async function reopen({ module, name, argument }: SourceHandle): Promise<ByteSource> {
  const found = (await import(/* @vite-ignore */ module)) as Record<string, (argument: string) => ByteSource>;
  return found[name](argument);
}
