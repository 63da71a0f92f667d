import type { Association } from "../association.js";
import { AttrNode } from "./nodes.js";

const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

/** What the named constraints of an association have come to, one a line, in the order of the rule. */
export function describeConstraints(association: Association): string {
  const lines: string[] = [];
  for (const leaf of association.registered.constraints.leaves) {
    if (leaf.name === undefined) continue;
    if (leaf instanceof AttrNode) {
      const { options } = leaf.declared;
      const { value } = options;
      const fixed = association.state.fixed[leaf.slot];
      const text =
        fixed !== undefined
          ? quote(fixed)
          : value === undefined
            ? "None"
            : typeof value === "function"
              ? quote(value(association))
              : typeof value === "string"
                ? quote(value)
                : `[${value.map(quote).join(", ")}]`;
      const source = association.state.source[leaf.slot];
      const sources = source === undefined ? options.sources : [source];
      lines.push(
        `DMSAttrConstraint({'name': ${quote(leaf.name)}, 'sources': [${sources.map(quote).join(", ")}], 'value': ${text}})`,
      );
    } else {
      const value = association.state.value[leaf.slot] ?? leaf.declared.options.value;
      const text =
        typeof value === "string" ? quote(value) : value === true ? "True" : value === false ? "False" : "None";
      lines.push(`SimpleConstraint({'name': ${quote(leaf.name)}, 'value': ${text}})`);
    }
  }
  return lines.length > 0 ? lines.join("\n") : "No constraints";
}
