import type { Command as Parser } from 'commander';

/** What can stand on the command line, as the parser itself knows it. */
export interface Words {
  readonly commands: readonly {
    readonly name: string;
    readonly description: string;
    readonly flags: readonly Flag[];
  }[];
}

interface Flag {
  readonly names: readonly string[];
  readonly description: string;
  /** What may follow, where that is a list. */
  readonly choices: readonly string[];
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export const wordsOf = (program: Parser): Words => ({
  commands: program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    flags: [
      ...command.options.map(({ short, long, description, argChoices = [] }) => ({
        names: [long, short].flatMap((name) => (name ? [name] : [])),
        description,
        choices: argChoices,
      })),
      { names: ['--help', '-h'], description: 'display help for command', choices: [] },
    ],
  })),
});

/** A script that tells the shell these words. Files are the shell's own business. */
export const completionScript = (shell: Shell, words: Words): string =>
  ({
    bash,
    zsh: (all: Words) => `#compdef fk-guard\nautoload -U +X bashcompinit && bashcompinit\n${bash(all)}`,
    fish,
  })[shell](words);

const names = (words: Words): string => words.commands.map(({ name }) => name).join(' ');

function bash(words: Words): string {
  const flags = words.commands.map(
    (command) => `    ${command.name}) words='${command.flags.flatMap((flag) => flag.names).join(' ')}' ;;`,
  );
  const choices = words.commands.flatMap((command) =>
    command.flags
      .filter((flag) => flag.choices.length > 0)
      .map(
        (flag) =>
          `    ${flag.names.map((name) => `${command.name}:${name}`).join('|')}) words='${flag.choices.join(' ')}' ;;`,
      ),
  );
  return `_fk_guard() {
  local current=\${COMP_WORDS[COMP_CWORD]} command='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) command=$word; break ;; esac
  done
  case $command in
    '') words='${names(words)} --help --version' ;;
${flags.join('\n')}
  esac
  case $command:\${COMP_WORDS[COMP_CWORD-1]} in
${choices.join('\n')}
    *) [[ $command == '' || $current == -* ]] || words='' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _fk_guard fk-guard
`;
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

function fish(words: Words): string {
  const lines = words.commands.flatMap((command) => [
    `complete -c fk-guard -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.description)}`,
    ...command.flags.map(({ names: [long = '', short], description, choices }) =>
      [
        `complete -c fk-guard -n '__fish_seen_subcommand_from ${command.name}' -l ${long.replace(/^--/, '')}`,
        ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
        ...(choices.length > 0 ? [`-x -a ${quoted(choices.join(' '))}`] : []),
        `-d ${quoted(description)}`,
      ].join(' '),
    ),
  ]);
  return `${lines.join('\n')}\n`;
}
