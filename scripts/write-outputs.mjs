/** Writes what the command line prints into the documents that show it; where they leave lines out, they still do. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const run = (...words) =>
  spawnSync('npx', ['jest', ...words], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
    env: { ...process.env, FK_GUARD_WRITE_OUTPUTS: '1' },
  }).status ?? 1;

const booknexus = run('test/docs/booknexus', '--testNamePattern', 'docs:outputs');
const followed = run('--config', 'test/services/jest.config.cjs', 'documents');
process.exitCode = booknexus || followed;
