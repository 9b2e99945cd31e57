import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './markdown';

/** What `npm run docs:api` runs. */
const script = (...words: string[]) =>
  spawnSync(process.execPath, [join(ROOT, 'scripts/write-api-docs.mjs'), ...words], { encoding: 'utf8' });

test('docs/api.md is what the docstrings say', () => {
  expect(script('--check')).toMatchObject({ status: 0, stderr: '' });
});

test('and would be called stale after any change of one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fk-guard-api-'));
  try {
    const copy = join(folder, 'api.md');
    writeFileSync(copy, readFileSync(join(ROOT, 'docs/api.md'), 'utf8').replace('Read-only', 'Read'));
    expect(script('--check', copy)).toMatchObject({
      status: 1,
      stderr: `${copy} is stale: run \`npm run docs:api\`.\n`,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
