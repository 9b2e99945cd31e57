/**
 * Writes docs/problems.md from the registry of problems. With `--check` it writes nothing and exits with 1 when the
 * page is stale; another file can be named after it.
 */
import { createJiti } from 'jiti';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const words = process.argv.slice(2);
const check = words.includes('--check');
const file =
  words.find((word) => !word.startsWith('--')) ??
  fileURLToPath(new URL('../docs/problems.md', import.meta.url));

const { problems } = await createJiti(import.meta.url, { fsCache: false }).import('../src/problems/index.ts');

const page = `<!-- Written by \`npm run docs:problems\` from src/problems: change the texts there. -->

# Problems

Every finding is of one of these kinds. An **error** breaks a promise of the models, a **warning** works and will hurt,
an **info** is worth knowing. What the guard does depends on [the policy](policy.md); under \`mode: 'check'\` it does
nothing at all.

In a hurry: \`npx fk-guard check\` says what is wrong and where, \`npx fk-guard plan --sql\` what a repair would do.
\`FK_GUARD_MODE=check\` in the environment stops every repair at once, \`FK_GUARD_MODE=off\` the guard itself, and
\`npx fk-guard restore <run>\` puts rows back; the log and the table \`fk_guard.run\` name the run. A word such as
\`DEFAULT_ACTION\` in a finding is why it is not repaired: find it here or in [the policy](policy.md).

${problems.map(({ kind, severity, title }) => `- [${kind}](#${kind}) (${severity}): ${title}`).join('\n')}

${problems.map(section).join('\n\n')}
`;

function section({ kind, severity, title, why, remedy, silence }) {
  return `## ${kind}

${title} (${severity}).

**Why it matters:** ${why}

**What the guard does:** ${remedy}

**How to silence it:** ${silence}`;
}

if (!check) writeFileSync(file, page);
else if (readFileSync(file, 'utf8') !== page) {
  console.error(`${file} is stale: run \`npm run docs:problems\`.`);
  process.exitCode = 1;
}
