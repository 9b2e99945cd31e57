/**
 * Gives the CommonJS build an ESM face that re-exports it name by name, so that `import` and `require` hand out the
 * same objects: the guard keeps state per Sequelize instance, and two copies of it would not see each other.
 */
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [folder] = process.argv.slice(2);
const dist = folder ? pathToFileURL(`${folder}/`) : new URL('../dist/', import.meta.url);

/** What `exports` in package.json names. */
for (const entry of ['index', 'prometheus']) {
  const library = createRequire(import.meta.url)(fileURLToPath(new URL(`${entry}.js`, dist)));
  const names = Object.keys(library)
    .filter((name) => name !== 'default')
    .sort();
  const lines = [
    `import library from './${entry}.js';`,
    ...names.map((name) => `export const ${name} = library.${name};`),
  ];
  writeFileSync(new URL(`${entry}.mjs`, dist), `${lines.join('\n')}\n`);
  writeFileSync(new URL(`${entry}.d.mts`, dist), `export * from './${entry}.js';\n`);
}

const command = new URL('cli/main.js', dist);
if (existsSync(command)) chmodSync(command, 0o755);
