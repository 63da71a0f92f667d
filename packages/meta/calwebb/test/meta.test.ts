import { readFileSync } from "node:fs";
import * as calwebb from "calwebb";
import { expect, test } from "vitest";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** Packages whose step is called otherwise, as in the reference implementation. */
const OTHERWISE: Record<string, string> = { wfs_combine: "calwebb_wfs-image3" };

test("every step and pipeline of the package list is exported once", () => {
  const exported: unknown[] = Object.values(calwebb);
  const aliases = exported.flatMap((value) =>
    typeof value === "object" && value !== null && "apiVersion" in value && "alias" in value
      ? [String(value.alias)]
      : [],
  );
  expect(new Set(aliases).size).toBe(aliases.length);
  for (const name of Object.keys(manifest.dependencies)) {
    const alias = name.replace("@calwebb/", "").replaceAll("-", "_");
    if (["array", "datamodels", "dqflags", "errors", "registry", "stpipe", "cli"].includes(alias)) continue;
    expect(
      aliases.some((a) => a === (OTHERWISE[alias] ?? alias) || a === `calwebb_${alias}`),
      name,
    ).toBe(true);
  }
});

test("versions are exact", () => {
  for (const [name, version] of Object.entries(manifest.dependencies)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
});
