import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { problems } from '../../src/problems';

const page = readFileSync(resolve(__dirname, '../../docs/problems.md'), 'utf8');

describe('docs/problems.md', () => {
  it.each(problems.map((problem) => [problem.kind, problem] as const))(
    'says all about %s, in whole sentences',
    (kind, { severity, title, why, remedy, silence }) => {
      const section = page.split('\n## ').find((text) => text.startsWith(`${kind}\n`)) ?? '';
      expect(section.trim().split('\n\n')).toEqual([
        kind,
        `${title} (${severity}).`,
        `**Why it matters:** ${why}`,
        `**What the guard does:** ${remedy}`,
        `**How to silence it:** ${silence}`,
      ]);
      for (const text of [why, remedy, silence]) expect(text).toMatch(/^[A-Z`].{20,}\.$/);
    },
  );
});
