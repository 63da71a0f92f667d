import type { RunNode } from "./node.js";
import type { Session } from "./session.js";

/** Run the hooks of a step on its inputs or its result; a hook's value replaces them. */
export async function runHooks(
  node: RunNode,
  session: Session,
  when: "pre" | "post",
  args: unknown[],
): Promise<unknown[]> {
  const hooks = node.params[`${when}_hooks`] as readonly unknown[] | undefined;
  let current = args;
  let number = 0;
  for (const hook of hooks ?? []) {
    const { runHook } = await import("./hook.js");
    const value = await runHook(hook, `${when}_hook${number++}`, node, session, current);
    if (value !== undefined && value !== null) current = [value];
  }
  return current;
}
