// Lets a real Node process run the TypeScript of src/ as it stands, so that no build has to be made first.
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join, resolve, sep } = require('node:path');

const root = resolve(__dirname, '..', '..');
const sources = join(root, 'src') + sep;
const cache = join(root, 'node_modules', '.cache', 'fk-guard-test');
const original = require.extensions['.ts'] ?? require.extensions['.js'];

require.extensions['.ts'] = (module, filename) => {
  if (!filename.startsWith(sources)) return original(module, filename);
  module._compile(cached(readFileSync(filename, 'utf8'), filename), filename);
};

/** Loading the compiler takes longer than most of what is tested with it. */
function cached(text, filename) {
  const path = join(cache, `${createHash('sha256').update(filename).update(text).digest('hex')}.js`);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    const output = compiled(text, filename);
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, output);
    renameSync(`${path}.${process.pid}`, path);
    return output;
  }
}

function compiled(text, fileName) {
  const typescript = require('typescript');
  const compilerOptions = { module: typescript.ModuleKind.Node20, target: typescript.ScriptTarget.ES2023 };
  return typescript.transpileModule(text, { fileName, compilerOptions }).outputText;
}
