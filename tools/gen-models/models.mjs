#!/usr/bin/env node
// Writes packages/core/datamodels/src/generated from the facts.
import { mkdirSync, writeFileSync } from "node:fs";
import { loadFacts } from "./load.mjs";
import { collectChecks, writeBranches, writeTables } from "./tables.mjs";
import { writeTypes } from "./types.mjs";
import { writeValidators } from "./validators.mjs";

const target = new URL("../../packages/core/datamodels/src/generated/", import.meta.url);
mkdirSync(target, { recursive: true });
const facts = loadFacts();
const { checks, numbers } = collectChecks(facts.nodes);
const write = (name, text) => writeFileSync(new URL(name, target), text);
write("types.ts", writeTypes(facts));
write("tables.ts", writeTables(facts, numbers));
write("branches.ts", writeBranches(facts));
write("validators.ts", await writeValidators(checks));
