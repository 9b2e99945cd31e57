/** What `--help` shows of each command: real lines, most wanted first. */
export const EXAMPLES: Readonly<Record<string, readonly (readonly [line: string, why: string])[]>> = {
  init: [
    ['fk-guard init --dry-run', 'show what it would write'],
    ['fk-guard init --ci', 'the configuration, the npm script and a workflow for GitHub Actions'],
  ],
  check: [
    ['fk-guard check', 'look once; exit code 2 when something is wrong'],
    [
      'fk-guard check --fail-on warning -o sarif=fk.sarif',
      'the gate of a build, with a file for code scanning',
    ],
    ['fk-guard check --include Order --sample-keys 5', 'one model, with keys of orphans'],
  ],
  plan: [
    ['fk-guard plan', 'what apply would do, with the SQL and the locks'],
    ['fk-guard plan --out plan.json', 'keep it for a review; fk-guard apply plan.json does exactly that'],
    ['fk-guard plan --format sql > repair.sql', 'a script for psql'],
  ],
  apply: [
    ['fk-guard apply', 'plan, show, ask, apply'],
    ['fk-guard apply plan.json --yes --accept-data-loss', 'a reviewed plan, without a terminal'],
    ['fk-guard apply --max-run-time 30m --max-lag 10s', 'a long clean-up beside a busy application'],
  ],
  verify: [
    ['fk-guard verify', 'the second look, after apply'],
    ['fk-guard verify --deep', 'also count below keys that are called valid'],
  ],
  status: [
    ['fk-guard status', 'the latest runs and what is in the quarantine'],
    ['fk-guard status --runs 50 --format json', 'more of them, for a program'],
  ],
  report: [
    ['fk-guard report', 'write fk-guard.html'],
    ['fk-guard report --out - > page.html', 'the page on stdout'],
  ],
  impact: [
    ['fk-guard impact User 42', 'what a delete of this row would take along'],
    [`fk-guard impact BookAuthor '{"bookId":1,"authorId":2}'`, 'a key of two columns'],
  ],
  restore: [
    ['fk-guard restore 0190c1d2-7a3b-4c4d-8e5f-0123456789ab --dry-run', 'what could come back of a run'],
    ['fk-guard restore 0190c1d2-7a3b-4c4d-8e5f-0123456789ab --schema', 'first take back its keys and types'],
  ],
  purge: [
    ['fk-guard purge --older-than 30d --dry-run', 'which copies would go'],
    ['fk-guard purge --older-than 90d', 'ask, then remove them for good'],
  ],
  migration: [
    ['fk-guard migration fix-foreign-keys', 'a file for sequelize-cli or umzug, with the plan in it'],
    ['fk-guard migration fix-foreign-keys --plan plan.json', 'with a plan that was reviewed before'],
  ],
  completion: [
    ['fk-guard completion bash > ~/.local/share/bash-completion/completions/fk-guard', 'for bash'],
    ['fk-guard completion zsh', 'for zsh, into a directory of $fpath as _fk-guard'],
    ['fk-guard completion fish > ~/.config/fish/completions/fk-guard.fish', 'for fish'],
  ],
};

/** The end of a command's help. */
export function examplesText(name: string): string {
  const lines = (EXAMPLES[name] ?? []).map(([line, why]) => `  ${line}\n      ${why}`);
  return lines.length === 0 ? '' : `\nExamples:\n${lines.join('\n')}\n`;
}
