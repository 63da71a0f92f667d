import { UsageError } from "@calwebb/errors";
import { suggest } from "@calwebb/stpipe";

/** An option of a command. `value` names what follows it; `many` takes several, `optional` may stand alone. */
export interface AsnOption {
  readonly name: string;
  readonly short?: string;
  readonly value?: string;
  readonly takes?: "one" | "many" | "optional";
  /** May be given more than once. */
  readonly repeat?: boolean;
  readonly help: string;
}

export interface AsnArgs {
  readonly positional: readonly string[];
  flag(name: string): boolean;
  /** The value given last; "" for an option that stood alone. */
  value(name: string): string | undefined;
  values(name: string): readonly string[];
}

const HELP: AsnOption = { name: "help", short: "h", help: "Show this help" };

/** Take a command line apart. @throws {UsageError} */
export function parseAsnArgs(argv: readonly string[], known: readonly AsnOption[]): AsnArgs {
  const options = [...known, HELP];
  const found = new Map<string, string[]>();
  const positional: string[] = [];
  const isValue = (arg: string | undefined): boolean => arg !== undefined && (!arg.startsWith("-") || arg === "-");
  for (let i = 0; i < argv.length; ) {
    const arg = argv[i++];
    if (arg === "--") {
      positional.push(...argv.slice(i));
      break;
    }
    if (isValue(arg)) {
      positional.push(arg);
      continue;
    }
    const equals = arg.startsWith("--") ? arg.indexOf("=") : -1;
    const written = equals < 0 ? arg : arg.slice(0, equals);
    const option = options.find((o) => written === `--${o.name}` || written === `-${o.short}`);
    if (option === undefined) {
      const near = suggest(
        written.replace(/^-+/, ""),
        options.map((o) => o.name),
      );
      throw new UsageError(`there is no option ${written}${near ? `; did you mean --${near}?` : ""}`, { got: arg });
    }
    const list = found.get(option.name) ?? [];
    found.set(option.name, list);
    const inline = equals < 0 ? undefined : arg.slice(equals + 1);
    if (option.value === undefined) {
      if (inline !== undefined) throw new UsageError(`--${option.name} takes no value, got ${inline}`, { got: inline });
    } else if (inline !== undefined) list.push(inline);
    else if (option.takes === "many") {
      const before = list.length;
      while (isValue(argv[i])) list.push(argv[i++]);
      if (list.length === before) throw new UsageError(`--${option.name} needs at least one ${option.value}`);
    } else if (isValue(argv[i])) list.push(argv[i++]);
    else if (option.takes !== "optional")
      throw new UsageError(`--${option.name} needs a value: --${option.name} ${option.value}`);
    if (!option.repeat && option.takes !== "many" && list.length > 1) list.splice(0, list.length - 1);
  }
  return {
    positional,
    flag: (name) => found.has(name),
    value: (name) => (found.has(name) ? (found.get(name)?.at(-1) ?? "") : undefined),
    values: (name) => found.get(name) ?? [],
  };
}

/** The text of `-h`. */
export function asnHelp(usage: string, about: string, known: readonly AsnOption[]): string {
  const rows = [...known, HELP].map((o) => {
    const value =
      o.value === undefined
        ? ""
        : o.takes === "optional"
          ? ` [${o.value}]`
          : o.takes === "many"
            ? ` ${o.value}...`
            : ` ${o.value}`;
    return [`  ${o.short ? `-${o.short}, ` : "    "}--${o.name}${value}`, o.help];
  });
  const width = Math.min(34, Math.max(...rows.map(([left]) => left.length)) + 2);
  const text = rows.map(([left, help]) =>
    left.length >= width ? `${left}\n${" ".repeat(width)}${help}` : left.padEnd(width) + help,
  );
  return `usage: ${usage}\n\n${about}\n\noptions:\n${text.join("\n")}\n`;
}
