import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAJORS = ['12', '13', '14', '15', '16', '17', '18'];

/**
 * `npm run test:matrix`, or `npm run test:matrix -- 12 15` for some versions only; whatever is no version is for
 * jest. The servers are downloaded once.
 */
const here = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2).filter((word) => MAJORS.includes(word));
const forJest = process.argv.slice(2).filter((word) => !MAJORS.includes(word));

const run = (command, words, env = {}) =>
  spawnSync(command, words, { stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;

if (!existsSync(`${here}node_modules`) && run('npm', ['install', '--prefix', here]) !== 0) process.exit(1);

const failed = (wanted.length > 0 ? wanted : MAJORS).filter((major) => {
  console.error(`\nPostgreSQL ${major}`);
  const words = ['jest', '--config', `${here}jest.config.cjs`, ...forJest];
  const env = { TEST_PG: `embedded-${major}`, FK_GUARD_DAMAGES: '50', FK_GUARD_EXTENT: 'full' };
  return run('npx', words, env) !== 0;
});
if (failed.length > 0) console.error(`\nFailed on PostgreSQL ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
