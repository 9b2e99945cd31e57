/**
 * Writes docs/api.md from the docstrings of what the package exports. With `--check` it writes nothing and exits with 1
 * when the page is stale; another file can be named after it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { declarationOf, exportsOf } from './api-docs/declarations.mjs';
import { pageOf } from './api-docs/page.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const ENTRIES = {
  'sequelize-fk-guard': 'src/index.ts',
  'sequelize-fk-guard/prometheus': 'src/prometheus.ts',
};

const words = process.argv.slice(2);
const check = words.includes('--check');
const file = words.find((word) => !word.startsWith('--')) ?? join(root, 'docs/api.md');

const sources = new Map();
/** The syntax tree of a file; types are read as they are written. */
const parse = (path) => {
  if (!sources.has(path))
    sources.set(path, ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true));
  return sources.get(path);
};

const entries = Object.entries(ENTRIES).map(([name, path]) => ({
  name,
  exported: exportsOf(join(root, path), parse).map((one) => declarationOf(one, parse)),
}));
const page = await format(pageOf(entries), {
  ...(await resolveConfig(join(dirname(root), 'api.md'), { config: join(root, '.prettierrc.json') })),
  parser: 'markdown',
});

if (!check) writeFileSync(file, page);
else if (readFileSync(file, 'utf8') !== page) {
  console.error(`${file} is stale: run \`npm run docs:api\`.`);
  process.exitCode = 1;
}
