import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { inLanguage, ROOT, type Block } from './markdown';

/** Inside of this package, whose own name leads to what was built; nothing of it is kept in the repository. */
const FOLDER = join(ROOT, 'build/documents');

/** Blocks that connect by themselves and need no other file of a reader's. */
export const COMPLETE: readonly Block[] = inLanguage('ts').filter(
  ({ text }) => text.includes('process.env.DATABASE_URL') && !/from '\./.test(text),
);

/** Runs such a block to the end of its text, and gives what it wrote to stderr. */
export function ran(
  { file, line, text }: Block,
  url: string,
): { readonly status: number | null; readonly err: string } {
  const { outputText } = ts.transpileModule(`${text}\nprocess.exit(0);\nexport {};\n`, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
    },
  });
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${file.replaceAll(/\W/g, '-')}-${line}.mjs`);
  writeFileSync(path, outputText);
  const { status, stderr } = spawnSync(process.execPath, [path], {
    env: { PATH: process.env['PATH'], DATABASE_URL: url },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, err: stderr };
}
