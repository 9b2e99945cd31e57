import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Story } from './story';

const PACKAGE = dirname(require.resolve('sequelize-fk-guard/package.json'));
const CONFIG = join(__dirname, 'report-config.js');

/** What `npx fk-guard report` shows of a database; git knows nothing of the folder. */
export function writeReport(story: Story, url: string, name: string): void {
  const folder = join(PACKAGE, 'reports');
  const file = join(folder, `${name}.html`);
  mkdirSync(folder, { recursive: true });
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(PACKAGE, 'dist', 'cli', 'main.js'), 'report', '--config', CONFIG, '--out', file],
    { encoding: 'utf8', env: { ...process.env, DATABASE_URL: url } },
  );
  story.claim(`fk-guard report wrote ${file}${stderr === '' ? '' : `: ${stderr}`}`, status === 0);
}
