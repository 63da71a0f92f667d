import { readdirSync, readlinkSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/** Eight hexadecimal digits that differ from text to text (Fowler, Noll & Vo, FNV-1a); loading node:crypto takes longer than a write. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** Twelve random hexadecimal digits. */
export function randomDigits(): string {
  return Math.floor(Math.random() * 2 ** 48)
    .toString(16)
    .padStart(12, "0");
}

/** Where process numbers mean something: this machine and, in a container, the container. */
function placeOfProcesses(): string {
  let namespace = "";
  try {
    namespace = readlinkSync("/proc/self/ns/pid");
  } catch {
    // Only Linux has it; elsewhere the machine is enough.
  }
  return digest(`${hostname()} ${namespace}`);
}

let place: string | undefined;
const PART = /^\..*\.([0-9a-f]{8})-(\d+)-[0-9a-f]{12}\.part$/;

/** Name of a temporary file for a file that is being written: says who writes it. */
export function partName(name: string): string {
  place ??= placeOfProcesses();
  return `.${name.slice(0, 200)}.${place}-${process.pid}-${randomDigits()}.part`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be asked, but it is there.
    return (error as { code?: string }).code !== "ESRCH";
  }
}

const visited = new Set<string>();

/**
 * Remove temporary files in `folder` of processes of this machine that are no more (a killed process cannot clean up). Looks at a
 * folder once; never fails.
 */
export function removeStaleParts(folder: string): void {
  if (visited.has(folder)) return;
  visited.add(folder);
  place ??= placeOfProcesses();
  try {
    for (const name of readdirSync(folder)) {
      const [, where, pid] = PART.exec(name) ?? [];
      if (where === place && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // A folder that cannot be listed or changed will say so when the file is written.
  }
}
