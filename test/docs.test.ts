import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');
const page = readFileSync(join(ROOT, 'docs/problems.md'), 'utf8');

/** What `npm run docs:problems` runs. */
const script = (...words: string[]) =>
  spawnSync(process.execPath, [join(ROOT, 'scripts/write-problem-docs.mjs'), ...words], { encoding: 'utf8' });

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'fk-guard-docs-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('docs/problems.md', () => {
  it('is what the registry says', () => {
    expect(script('--check')).toMatchObject({ status: 0, stderr: '' });
  });

  it('would be called stale after any change of a text, and is then left as it was', () => {
    const copy = join(folder, 'stale.md');
    const stale = page.replace('Table missing', 'Table gone');
    writeFileSync(copy, stale);
    expect(script('--check', copy)).toMatchObject({
      status: 1,
      stderr: `${copy} is stale: run \`npm run docs:problems\`.\n`,
    });
    expect(readFileSync(copy, 'utf8')).toBe(stale);
  });

  it('is written by the script', () => {
    const copy = join(folder, 'written.md');
    expect(script(copy).status).toBe(0);
    expect(readFileSync(copy, 'utf8')).toBe(page);
  });

  // Whoever reads a code in a log looks for it here.
  it.each(
    [
      ...(
        /type RefusalCode =([^;]+);/.exec(readFileSync(join(ROOT, 'src/finding.ts'), 'utf8'))?.[1] ?? ''
      ).matchAll(/'(\w+)'/g),
    ].map(([, code = '']) => code),
  )('or the policy says what %s means', (code) => {
    expect(page + readFileSync(join(ROOT, 'docs/policy.md'), 'utf8')).toContain(`\`${code}\``);
  });
});
