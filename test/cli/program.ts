import { execFile, type ChildProcess } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '..', '..');

/** What a run of the real program left behind. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The surroundings of a run. */
export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called once it has been started, to signal it or to answer it. */
  readonly started?: (child: ChildProcess) => void;
}

/** Runs the program as it is built, in a process of its own, without a terminal. */
export const fkGuard = (argv: readonly string[], where: Surroundings): Promise<Ended> =>
  runNode([join(root, 'dist', 'cli', 'main.js'), ...argv], where);

/** Runs a script that may load the TypeScript of src/. */
export const runScript = (script: string, argv: readonly string[], where: Surroundings): Promise<Ended> =>
  runNode(['-r', join(__dirname, 'typescript-hook.cjs'), script, ...argv], where);

function runNode(argv: readonly string[], { cwd, env = {}, started }: Surroundings): Promise<Ended> {
  const { PATH = '' } = process.env;
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [...argv],
      { cwd, env: { PATH, ...env }, timeout: 30_000 },
      (_, out, err) => done({ code: child.exitCode, out, err }),
    );
    child.stdin?.end();
    started?.(child);
  });
}

/** A project directory of a test's own, with the packages of this one. */
export interface Project {
  readonly directory: string;
  write(files: Readonly<Record<string, string>>): void;
  remove(): void;
}

export function createProject(files: Readonly<Record<string, string>> = {}): Project {
  const directory = mkdtempSync(join(tmpdir(), 'fk-guard-cli-'));
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  const write: Project['write'] = (written) => {
    for (const [path, text] of Object.entries(written)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
  };
  write({ 'package.json': '{}', ...files });
  return { directory, write, remove: () => rmSync(directory, { recursive: true }) };
}
