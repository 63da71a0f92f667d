import { UsageError } from "@calwebb/errors";
import { stepEntries } from "../generated/steps.js";
import { runOptions } from "../strun/options.js";
import type { Surroundings } from "../surroundings.js";
import { commands } from "./dispatch.js";

const HELP = `usage: calwebb completion bash|zsh|fish

Print the completion script of a shell:
  bash   calwebb completion bash > ~/.local/share/bash-completion/completions/calwebb
  zsh    calwebb completion zsh > "\${fpath[1]}/_calwebb"
  fish   calwebb completion fish > ~/.config/fish/completions/calwebb.fish
`;

const names = (): string => Object.keys(commands).join(" ");
const aliases = (): string => stepEntries.map((e) => e.alias).join(" ");
const flags = (): string => runOptions.map((o) => `--${o.name}`).join(" ");

const bash = (): string => `_calwebb() {
  local cur prev words
  cur="\${COMP_WORDS[COMP_CWORD]}"
  if [[ "$1" == calwebb && $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${names()} --version --help" -- "$cur"))
  elif [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "${flags()}" -- "$cur"))
  elif [[ ("$1" != calwebb && $COMP_CWORD -eq 1) || ("$1" == calwebb && $COMP_CWORD -eq 2) ]]; then
    COMPREPLY=($(compgen -W "${aliases()}" -- "$cur") $(compgen -f -- "$cur"))
  else
    COMPREPLY=($(compgen -f -- "$cur"))
  fi
}
complete -o filenames -F _calwebb calwebb strun stspec
`;

const zsh = (): string => `#compdef calwebb strun stspec
_calwebb() {
  local -a commands steps options
  commands=(${names()})
  steps=(${aliases()})
  options=(${flags()})
  if [[ $service == calwebb && $CURRENT -eq 2 ]]; then
    compadd -a commands
  elif [[ $words[CURRENT] == -* ]]; then
    compadd -a options
  elif [[ ($service != calwebb && $CURRENT -eq 2) || ($service == calwebb && $CURRENT -eq 3) ]]; then
    compadd -a steps
    _files
  else
    _files
  fi
}
_calwebb "$@"
`;

const fish = (): string =>
  `${[
    `complete -c calwebb -n "__fish_is_first_arg" -f -a "${names()}"`,
    `complete -c calwebb -n "__fish_seen_subcommand_from run config spec" -a "${aliases()}"`,
    `complete -c strun -n "__fish_is_first_arg" -a "${aliases()}"`,
    `complete -c stspec -n "__fish_is_first_arg" -f -a "${aliases()}"`,
    ...runOptions.map(
      (o) => `complete -c strun -l ${o.name}${o.short ? ` -s ${o.short}` : ""}${o.value ? " -r" : ""} -d "${o.help}"`,
    ),
  ].join("\n")}\n`;

const shells: Readonly<Record<string, () => string>> = { bash, zsh, fish };

/** `calwebb completion SHELL` */
export async function completionCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const [shell, ...rest] = argv;
  if (shell === "-h" || shell === "--help") {
    surroundings.out(HELP);
    return 0;
  }
  if (shell === undefined || !Object.hasOwn(shells, shell) || rest.length > 0)
    throw new UsageError(`completion for which shell? bash, zsh or fish${shell ? `, got ${argv.join(" ")}` : ""}`);
  surroundings.out(shells[shell]());
  return 0;
}
