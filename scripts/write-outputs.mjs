/** Writes what the command line prints into the documents that show it; where they leave lines out, they still do. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const jest = ['jest', 'test/docs/booknexus', '--testNamePattern', 'docs:outputs'];
const { status } = spawnSync('npx', jest, {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
  env: { ...process.env, FK_GUARD_WRITE_OUTPUTS: '1' },
});
process.exitCode = status ?? 1;
