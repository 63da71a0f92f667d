import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeAsdf } from "@calwebb/asdf";
import { atomicFileSink } from "@calwebb/bytes/node";

/** Write a tree to an ASDF file; gives its path. */
export async function encodeAsdf(tree: Record<string, unknown>): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), "calwebb-")), "wcs.asdf");
  await writeAsdf(tree as never, atomicFileSink(path));
  return path;
}
