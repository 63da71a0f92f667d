import { mkdirSync, rmSync } from "node:fs";
import { measure } from "./measure.mjs";

/**
 * Run a command several times, each time with an empty folder for its products.
 * @returns what {@link measure} says of the fastest run, rounded, and what it printed last
 * @throws when it does not end with status 0
 */
export async function best(command, args, { runs, out, env, cwd }) {
  let found;
  for (let k = 0; k < runs; k++) {
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    const m = await measure(command, args, { env, cwd });
    if (m.status !== 0) throw new Error(`${args.join(" ")} ended with ${m.status}:\n${m.output}`);
    if (!found || m.seconds < found.seconds) found = m;
  }
  return found;
}

/** What is kept of a measurement. */
export function pick({ seconds, megabytes }) {
  return { seconds: Number(seconds.toFixed(3)), megabytes: Math.round(megabytes) };
}

/** One line of the report. */
export function line({ name, ours, peer, promise }) {
  const own = `${name.padEnd(26)} ${ours.seconds.toFixed(2).padStart(7)} s ${String(ours.megabytes).padStart(6)} MB`;
  if (!peer) return own;
  const speed = peer.seconds / ours.seconds;
  const memory = ours.megabytes / peer.megabytes;
  return `${own}   peer ${peer.seconds.toFixed(1).padStart(6)} s ${String(peer.megabytes).padStart(6)} MB   ${speed.toFixed(1).padStart(5)}x faster (wanted ${promise}x), ${(100 * memory).toFixed(0)} % of its memory`;
}
