/** A kind of project in which a new user may find himself: an application of Express, before the guard comes. */
export interface Kind {
  readonly title: string;
  readonly type: 'commonjs' | 'module';
  readonly typescript: boolean;
  readonly files: Readonly<Record<string, string>>;
  /** Where the models are, and what starts the application; TypeScript is compiled before. */
  readonly models: string;
  readonly start: string;
}

const SEQUELIZE = `import { DataTypes, Sequelize } from 'sequelize';
`;
const MODELS = (address: string): string => `
export const sequelize = new Sequelize(${address}, { logging: false });

export const User = sequelize.define('User', { name: DataTypes.STRING }, { timestamps: false });
export const Checkout = sequelize.define('Checkout', { title: DataTypes.STRING }, { timestamps: false });
User.hasMany(Checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
`;

const IMPORTS = (models: string): string => `import express from 'express';
import { sequelize, Checkout } from '${models}';
`;
/** Answers once, to itself, and ends. */
const APPLICATION = `
const app = express();
app.get('/checkouts', async (_request, response) => response.json(await Checkout.findAll({ order: ['id'] })));

async function main() {
  await sequelize.sync();
  const server = app.listen(0, async () => {
    const { port } = server.address()CAST;
    console.log(await (await fetch('http://127.0.0.1:' + port + '/checkouts')).text());
    server.close();
    await sequelize.close();
  });
}

void main();
`;

const required = (text: string): string =>
  text
    .replace(/import (\w+) from ('.*');/g, 'const $1 = require($2);')
    .replace(/import (.*) from ('.*');/g, 'const $1 = require($2);');
const javascript = APPLICATION.replace('CAST', '');
const typescript = APPLICATION.replace('CAST', ' as AddressInfo');
const ADDRESS = `import type { AddressInfo } from 'node:net';
`;

export const KINDS: readonly Kind[] = [
  {
    title: 'CommonJS, JavaScript',
    type: 'commonjs',
    typescript: false,
    models: 'models.js',
    start: 'app.js',
    files: {
      'models.js': `${required(SEQUELIZE + MODELS('process.env.DATABASE_URL').replaceAll('export const', 'const'))}
module.exports = { sequelize, User, Checkout };
`,
      'app.js': required(IMPORTS('./models')) + javascript,
    },
  },
  {
    title: 'ESM, JavaScript',
    type: 'module',
    typescript: false,
    models: 'models.js',
    start: 'app.js',
    files: {
      'models.js': SEQUELIZE + MODELS('process.env.DATABASE_URL'),
      'app.js': IMPORTS('./models.js') + javascript,
    },
  },
  {
    title: 'CommonJS, TypeScript',
    type: 'commonjs',
    typescript: true,
    models: 'models.ts',
    start: 'dist/app.js',
    files: {
      'models.ts': SEQUELIZE + MODELS('process.env.DATABASE_URL!'),
      'app.ts': ADDRESS + IMPORTS('./models') + typescript,
    },
  },
  {
    title: 'ESM, TypeScript',
    type: 'module',
    typescript: true,
    models: 'models.ts',
    start: 'dist/app.js',
    files: {
      'models.ts': SEQUELIZE + MODELS('process.env.DATABASE_URL!'),
      'app.ts': ADDRESS + IMPORTS('./models.js') + typescript,
    },
  },
];

/** The two lines that a README shows: the import, and the call behind `new Sequelize(…)`. */
export function withGuard({ files, models, type, typescript }: Kind): Readonly<Record<string, string>> {
  const line =
    type === 'commonjs' && !typescript
      ? `const { installFkGuard } = require('sequelize-fk-guard');\n`
      : `import { installFkGuard } from 'sequelize-fk-guard';\n`;
  const text = files[models] ?? '';
  return { [models]: line + text.replace(/^.*new Sequelize.*$/m, '$&\ninstallFkGuard(sequelize);') };
}

/** The ways in which today's projects let TypeScript look for a package; one of them looks into the declarations too. */
export const RESOLUTIONS = [
  { module: 'node16', moduleResolution: 'node16' },
  { module: 'nodenext', moduleResolution: 'nodenext', skipLibCheck: true },
  { module: 'preserve', moduleResolution: 'bundler', skipLibCheck: true },
] as const;

/** Everything that a user of the types meets first, and a line that may not compile. */
export const TYPED = `import { Sequelize } from 'sequelize';
import { createGuard, fkGuardMigration, installFkGuard, type FkGuard, type Outcome } from 'sequelize-fk-guard';
import { collectFkGuardMetrics } from 'sequelize-fk-guard/prometheus';

const sequelize = new Sequelize('postgres://localhost/none');
const guard: FkGuard = installFkGuard(sequelize, { onDelete: 'explicit', limits: { rows: 5 } });
export const run = (): Promise<Outcome> => createGuard({ sequelize }).run();
export const migration = fkGuardMigration({ sequelize: () => sequelize });
collectFkGuardMetrics(guard);
// @ts-expect-error: there is no such option
installFkGuard(sequelize, { onDelte: 'CASCADE' });
`;
