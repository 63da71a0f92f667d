import type { ByteSource } from "@calwebb/bytes";
import { FitsFormatError } from "@calwebb/errors";
import { isSection, parseConfig } from "@calwebb/stpipe";

const LIMIT = 16 * 1024 * 1024;

interface Association {
  asn_type?: string;
  asn_rule?: string;
  asn_id?: string;
  products?: { name?: string; members?: { expname?: string; exptype?: string }[] }[];
}

function describeJson(content: unknown): string {
  if (typeof content !== "object" || content === null || Array.isArray(content)) return "JSON";
  const asn = content as Association;
  if (!Array.isArray(asn.products)) {
    const entries = Object.entries(content);
    const isSet = entries.length > 0 && entries.every(([, v]) => typeof v === "string");
    const lines = isSet ? entries.map(([k, v]) => `  ${k.padEnd(16)} ${v}`) : [];
    return [
      isSet ? `JSON, reference set of ${entries.length} types` : `JSON, mapping of ${entries.length}`,
      ...lines,
    ].join("\n");
  }
  const lines = [`association ${[asn.asn_type, asn.asn_rule, asn.asn_id].filter(Boolean).join(" ")}`];
  for (const { name, members } of asn.products) {
    lines.push(`  product ${name ?? "(no name)"}`);
    for (const m of members ?? []) lines.push(`    ${(m.exptype ?? "").padEnd(14)} ${m.expname ?? ""}`);
  }
  return lines.join("\n");
}

/**
 * Describe a file that is neither FITS nor ASDF.
 * @throws {FitsFormatError} when it is nothing that is known
 */
export async function describeText(source: ByteSource): Promise<string> {
  const { name, size } = source;
  const unknown = (why: string): never => {
    throw new FitsFormatError(`${name} is neither FITS, ASDF, association nor configuration: ${why}`, { file: name });
  };
  if (size === 0) unknown("it is empty");
  if (size > LIMIT) unknown("it does not start like any of them");
  const bytes = await source.read(0, size);
  if (bytes.includes(0)) unknown("it does not start like any of them");
  const text = new TextDecoder().decode(bytes);
  if (/^\s*[{[]/.test(text) && !/^\s*\[+[\w*]/.test(text)) {
    try {
      return describeJson(JSON.parse(text));
    } catch (error) {
      unknown(`it starts like JSON, but ${(error as Error).message}`);
    }
  }
  try {
    const { entries } = parseConfig(text, { file: name });
    if (entries.size === 0) unknown("there is nothing in it");
    const value = (key: string): string => {
      const v = entries.get(key);
      return v === undefined || isSection(v) ? "" : String(v);
    };
    return [
      `configuration${value("class") ? ` of ${value("class")}` : ""}`,
      ...[...entries.keys()].map((k) => `  ${k}`),
    ].join("\n");
  } catch (error) {
    return unknown(error instanceof Error ? error.message.replace(`${name}, `, "") : String(error));
  }
}
