import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Builds the library and BookNexus, which some tests run as processes. */
export function build(): void {
  const cwd = resolve(__dirname, '..');
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm run build failed:\n${stdout}${stderr}`);
}
