// Loads configurations as the program does, in a process of their own, and prints what was understood of each.
const { join } = require('node:path');
const { createRequire } = require('node:module');
const { loadConfig } = require('../../src/cli/config.ts');

async function understood({ cwd, config, hooks }) {
  try {
    const loaded = await loadConfig({ ...(config && { config }), require: hooks ?? [] }, cwd);
    if (!loaded) return 'none';
    const { Sequelize } = createRequire(join(cwd, 'x.js'))('sequelize');
    const { sequelize, ...rest } = loaded;
    delete rest.path;
    const found = sequelize && { models: Object.keys(sequelize.models), own: sequelize instanceof Sequelize };
    return { ...rest, ...(found && { sequelize: found }) };
  } catch ({ code, message, advice }) {
    return { code, message, advice };
  }
}

async function main() {
  const all = [];
  for (const wanted of JSON.parse(process.argv[2])) all.push(await understood(wanted));
  process.stdout.write(JSON.stringify(all));
}

void main();
