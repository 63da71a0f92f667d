import { readFileSync } from "node:fs";
import * as calwebb from "calwebb";
import { expect, test } from "vitest";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

test("every step and pipeline of the package list is exported once", () => {
  const steps = Object.values(calwebb).filter(
    (value): value is { alias: string } & object =>
      typeof value === "object" && value !== null && "apiVersion" in value,
  );
  const aliases = steps.map((s) => s.alias);
  expect(new Set(aliases).size).toBe(aliases.length);
  for (const name of Object.keys(manifest.dependencies)) {
    const alias = name.replace("@calwebb/", "").replaceAll("-", "_");
    if (["array", "datamodels", "dqflags", "errors", "registry", "stpipe", "cli"].includes(alias)) continue;
    expect(
      aliases.some((a) => a === alias || a === `calwebb_${alias}`),
      name,
    ).toBe(true);
  }
});

test("versions are exact", () => {
  for (const [name, version] of Object.entries(manifest.dependencies)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
});
