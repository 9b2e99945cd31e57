import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Project } from '../cli/program';
import { ROOT, type Block } from './markdown';
import { cutLike } from './transcript';

/** What stands behind the language of a shell block that is run for real. */
export const RUN = 'run';
/** And of the text below it: what it printed, results only. */
export const PRINTED = 'printed';

/** One output of a document: what it shows, and what there really is, cut in the same way. */
export interface Output {
  readonly block: Block;
  readonly real: string;
}

/** Follows a document to the letter: writes its files, gives its commands, keeps what they print. */
export function followed(
  blocks: readonly Block[],
  project: Project,
  database: { readonly name: string; readonly url: string },
): readonly Output[] {
  const PATH = [shims(project), process.env['PATH'] ?? ''].join(delimiter);
  const outputs: Output[] = [];
  let printed = '';
  for (const block of blocks) {
    if (block.language === 'sh' && block.name === RUN)
      printed = run(block, project, { PATH, DATABASE_URL: database.url });
    else if (block.language === 'text' && block.name === PRINTED)
      outputs.push({ block, real: realOf(block, steady(printed, database)) });
    else if (/^[\w.-]+\.[cm]?[jt]s$/.test(block.name)) project.write({ [block.name]: `${block.text}\n` });
  }
  return outputs;
}

function run(
  { file, line, text }: Block,
  { directory }: Project,
  env: Readonly<Record<string, string>>,
): string {
  const { error, stdout, stderr } = spawnSync('sh', ['-c', text], {
    cwd: directory,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (error) throw new Error(`${file}:${line}: ${error.message}\n${stderr}`);
  return stdout;
}

/** `npx` finds the program that was built here, and asks no registry. */
function shims({ directory, write }: Project): string {
  const folder = join(directory, '.shims');
  mkdirSync(folder);
  write({
    '.shims/npx': `#!/bin/sh\n[ "$1" = fk-guard ] || exit 127\nshift\nexec node '${join(ROOT, 'dist/cli/main.js')}' "$@"\n`,
  });
  chmodSync(join(folder, 'npx'), 0o755);
  return folder;
}

const realOf = ({ text }: Block, printed: string): string =>
  cutLike({ command: '', lines: text.split('\n') }, printed).lines.join('\n');

/** Where the database is and how long things took is another thing in every run. */
const steady = (text: string, { name, url }: { readonly name: string; readonly url: string }): string =>
  text
    .replaceAll(name, 'library')
    .replaceAll(new URL(url).hostname, 'localhost')
    .replaceAll(/\b\d+(?:\.\d+)? m?s\b/g, '0.2 s')
    .replaceAll(/PostgreSQL \d+(?:\.\d+)?/g, 'PostgreSQL 18.1');
