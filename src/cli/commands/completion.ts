import { Argument } from 'commander';
import type { Command } from '../command';
import { completionScript, SHELLS, wordsOf, type Shell } from '../completion';
import { EXIT } from '../exit-codes';
import { outputFlags } from '../flags';

/** `fk-guard completion`: a script that tells a shell the words of this program. */
export const completion: Command = {
  name: 'completion',
  define(parser) {
    parser.description('print a script that completes commands and flags in a shell');
    parser.addArgument(new Argument('<shell>', 'the shell').choices(SHELLS));
    outputFlags(parser);
  },
  alone({ argument, program }) {
    const shell = SHELLS.find((name) => name === argument) ?? ('bash' satisfies Shell);
    const script = completionScript(shell, wordsOf(program));
    return Promise.resolve({ exitCode: EXIT.ok, text: () => script, body: { summary: { shell, script } } });
  },
};
