import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program of the PATH, such as `npm`, with nothing of the test run's own in its environment. */
export function call(
  cwd: string,
  [command = '', ...argv]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Ended {
  const { PATH, HOME } = process.env;
  const { status, stdout, stderr, error } = spawnSync(command, argv, {
    cwd,
    encoding: 'utf8',
    env: { PATH, HOME, ...env },
    timeout: 240_000,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** The same, for what has to go well; gives what it printed. */
export function must(cwd: string, argv: readonly string[], env?: Readonly<Record<string, string>>): string {
  const { status, stdout, stderr } = call(cwd, argv, env);
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** The versions that this repository itself is tested with. */
const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string })
    .version;

/** Packs the library as `npm publish` would, build included; gives the tarball's path. */
export function pack(folder: string): string {
  const printed = must(ROOT, ['npm', 'pack', '--silent', '--pack-destination', folder]);
  return join(folder, printed.trim().split('\n').at(-1) ?? '');
}

export interface Project {
  readonly directory: string;
  write(files: Readonly<Record<string, string>>): void;
}

/** A folder with a package.json into which npm installs the tarball and what it is used with. */
export function install(parent: string, packages: readonly string[]): Project {
  const project = folderWith(join(parent, 'installed'), { private: true });
  const wanted = packages.map((one) => (/[/@].*@|^\//.test(one) ? one : `${one}@${versionOf(one)}`));
  must(project.directory, ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...wanted]);
  return project;
}

/** An empty project with what is installed elsewhere: installing it for each would take most of the time. */
export function emptyProject(parent: string, name: string, manifest: object, installed: Project): Project {
  const project = folderWith(join(parent, name), { name, private: true, ...manifest });
  symlinkSync(join(installed.directory, 'node_modules'), join(project.directory, 'node_modules'));
  return project;
}

function folderWith(directory: string, manifest: object): Project {
  const write: Project['write'] = (files) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
  };
  write({ 'package.json': JSON.stringify(manifest) });
  return { directory, write };
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'fk-guard-package-'));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });
