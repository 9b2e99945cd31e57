// Lets a real Node process run the TypeScript of src/ as it stands, so that no build has to be made first.
const { readFileSync } = require('node:fs');
const { resolve, sep } = require('node:path');
const typescript = require('typescript');

const sources = resolve(__dirname, '..', '..', 'src') + sep;
const original = require.extensions['.ts'] ?? require.extensions['.js'];

require.extensions['.ts'] = (module, filename) => {
  if (!filename.startsWith(sources)) return original(module, filename);
  const compilerOptions = { module: typescript.ModuleKind.Node20, target: typescript.ScriptTarget.ES2023 };
  const { outputText } = typescript.transpileModule(readFileSync(filename, 'utf8'), { fileName: filename, compilerOptions });
  module._compile(outputText, filename);
};
