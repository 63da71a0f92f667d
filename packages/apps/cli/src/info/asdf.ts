import { parseAsdf } from "@calwebb/asdf";
import type { ByteSource } from "@calwebb/bytes";

function kind(value: unknown): string {
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (value === null) return "null";
  if (typeof value !== "object") return `${typeof value} ${String(value).slice(0, 60)}`;
  const shape = (value as { shape?: unknown }).shape;
  if (Array.isArray(shape)) return `array [${shape.join(", ")}]`;
  return `mapping of ${Object.keys(value).length}`;
}

/**
 * Describe an ASDF file.
 * @throws {AsdfFormatError} when it is broken
 */
export async function describeAsdf(source: ByteSource, verify: boolean): Promise<string> {
  const file = await parseAsdf(source, { name: source.name });
  const { tree } = file;
  const what = typeof tree["class"] === "string" ? `, parameters of ${tree["class"]}` : "";
  const lines = [`ASDF ${file.version}, ${file.blocks.length} blocks${what}`];
  for (const [key, value] of Object.entries(tree)) {
    if (key === "asdf_library" || key === "history") continue;
    lines.push(`  ${key.padEnd(16)} ${kind(value)}`);
    if (key === "meta" && typeof value === "object" && value !== null)
      for (const [name, inner] of Object.entries(value)) lines.push(`    ${name.padEnd(16)} ${kind(inner)}`);
  }
  if (verify) {
    await file.verify();
    lines.push("  checksums of the blocks agree");
  }
  for (const warning of file.warnings) lines.push(`  note: ${warning}`);
  return lines.join("\n");
}
