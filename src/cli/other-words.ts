/** Commands under other names, as repair scripts that people know call them. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  analyse: ['check'],
  analyze: ['check'],
  '--fix': ['apply'],
  '--apply': ['apply'],
  '--fix-constraints': ['apply'],
  '--force-fix': ['apply', '--force', '--yes', '--accept-data-loss'],
};

/**
 * Puts our own words in the place of other ones: `--apply --fix-constraints` is `apply`, `--force-fix` is `apply` with
 * everything that it takes, or without consent where the plan is only to be shown. Only in front, where the command
 * stands.
 */
export function inOurWords(argv: readonly string[]): readonly string[] {
  const end = argv.findIndex((word) => COMMANDS[word] === undefined);
  const others = argv.slice(0, end < 0 ? argv.length : end);
  const rest = argv.slice(others.length);
  const ours = new Set(others.flatMap((word) => COMMANDS[word] ?? []));
  if (rest.includes('--dry-run')) for (const word of CONSENT) ours.delete(word);
  return [...ours, ...rest];
}

const CONSENT = ['--yes', '--accept-data-loss'];
