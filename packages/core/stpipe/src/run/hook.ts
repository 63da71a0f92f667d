import { ValidationError } from "@calwebb/errors";
import type { RunNode } from "./node.js";
import type { Session } from "./session.js";

/** Run one hook. */
export async function runHook(hook: unknown, node: RunNode, _session: Session, args: unknown[]): Promise<unknown> {
  if (typeof hook === "function") return (hook as (...a: unknown[]) => unknown)(...args);
  throw new ValidationError(`${node.name}: cannot run the hook ${String(hook)}`);
}
