import { execFileSync } from 'node:child_process';
import { COMMANDS } from '../../src/cli/commands';
import { EXAMPLES } from '../../src/cli/examples';
import { parseArguments } from '../../src/cli/program';
import { run } from '../../src/cli/run';
import { recordedIo } from './streams';

/** The words of a line as a shell would split it, up to a redirection. */
const wordsOf = (line: string): readonly string[] =>
  execFileSync('bash', ['-c', `set -- ${line.replace(/ > .*/, '')}; printf '%s\\n' "$@"`], {
    encoding: 'utf8',
  })
    .trimEnd()
    .split('\n');

test('every command has two examples or more, and its help shows them', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
  for (const { name } of COMMANDS) {
    const help = parseArguments([name, '--help']);
    const lines = EXAMPLES[name] ?? [];
    expect(lines.length).toBeGreaterThan(1);
    for (const [line] of lines)
      expect(help).toEqual({ print: expect.stringContaining(`\n  ${line}\n`) as unknown });
  }
});

test.each(Object.entries(EXAMPLES).flatMap(([name, lines]) => lines.map(([line]) => [name, line])))(
  '%s: %s is understood',
  (name = '', line = '') => {
    const [program, ...argv] = wordsOf(line);
    expect(program).toBe('fk-guard');
    expect(parseArguments(argv)).toMatchObject({ command: { name } });
  },
);

async function scriptFor(shell: string): Promise<string> {
  const io = recordedIo();
  expect(await run(['completion', shell], io)).toBe(0);
  return io.out();
}

test.each([
  ['fk-guard ', ['init', 'check', 'plan', 'apply', 'completion']],
  ['fk-guard pl', ['plan']],
  ['fk-guard apply --accept', ['--accept-data-loss']],
  ['fk-guard check --on-orphan ', ['auto', 'delete', 'nullify', 'keep']],
  ['fk-guard check --fail-on w', ['warning']],
])('bash completes %j', async (line, offered) => {
  const words = line.split(' ');
  const ask = `${await scriptFor('bash')}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _fk_guard; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const answer = execFileSync('bash', ['-c', ask], { encoding: 'utf8' }).trimEnd().split('\n');
  expect(answer).toEqual(expect.arrayContaining(offered));
  expect(answer.every((word) => word.startsWith(words.at(-1) ?? ''))).toBe(true);
});

test('zsh and fish have scripts too, and no other shell', async () => {
  expect(await scriptFor('zsh')).toMatch(/^#compdef fk-guard\n/);
  expect(await scriptFor('fish')).toContain(
    "-n '__fish_seen_subcommand_from check' -l fail-on -x -a 'error warning never'",
  );
  expect(await run(['completion', 'tcsh'], recordedIo())).toBe(64);
});
