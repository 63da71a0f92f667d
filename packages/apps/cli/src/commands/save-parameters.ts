import { encodeConfig, type Host, type RunNode } from "@calwebb/stpipe";

/** Write the settled parameters of a run to a file; its name decides between ASDF and `.cfg`. */
export async function saveParameters(node: RunNode, path: string, host: Host): Promise<string> {
  const file = host.absolute(path);
  const bytes = await encodeConfig(node, file);
  const sink = await host.sink(file);
  try {
    await sink.write(bytes, 0);
    await sink.commit();
  } catch (error) {
    await sink.abort();
    throw error;
  }
  return file;
}
