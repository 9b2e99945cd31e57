import type { ChildProcess } from 'node:child_process';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { createProject, fkGuard, type Project } from './program';

let database: TestDatabase;
let project: Project;
beforeAll(async () => {
  database = await createDatabase('cli_process');
  await database.query(`
    create table "Users" (id integer primary key);
    create table "Checkouts" (id integer primary key, "userId" integer);
    insert into "Checkouts" values (1, 4);`);
  project = createProject();
});
afterAll(async () => {
  project.remove();
  await database.drop();
});

/** Models that print while they load and while they work, and that never let go of the process. */
const noisy = (more = ''): string => `
const { Sequelize, DataTypes } = require('sequelize');
console.log('loading models');
const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: console.log });
const id = { type: DataTypes.INTEGER, primaryKey: true };
const User = sequelize.define('User', { id }, { timestamps: false });
const Checkout = sequelize.define('Checkout', { id }, { timestamps: false });
User.hasMany(Checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
setInterval(() => console.log('tick'), 20);
${more}
module.exports = async () => {
  await sequelize.authenticate();
  return { sequelize, options: globalThis.options };
};`;

interface Told {
  readonly env?: Readonly<Record<string, string>>;
  readonly started?: (child: ChildProcess) => void;
}

const told = (config: string, argv: readonly string[], { env = {}, started }: Told = {}) => {
  project.write({ 'fk-guard.config.js': config });
  return fkGuard(argv, {
    cwd: project.directory,
    env: { DATABASE_URL: database.url, ...env },
    ...(started && { started }),
  });
};

describe('the program beside an application that prints and never ends', () => {
  it('keeps stdout for the result, closes the connections and ends', async () => {
    const { code, out, err } = await told(noisy(), ['check', '--format', 'json']);
    expect({ code, document: JSON.parse(out) as unknown }).toMatchObject({
      code: 2,
      document: {
        command: 'check',
        database: { name: database.name },
        findings: expect.arrayContaining([
          expect.objectContaining({ kind: 'orphaned-rows', relation: 'Checkout.userId' }),
        ]) as unknown,
      },
    });
    expect(err).toContain('loading models\n');
    expect(err).toContain('SELECT 1+1 AS result');
  });

  it('is cancelled by Ctrl-C with 130', async () => {
    const started = (child: ChildProcess): void =>
      void child.stderr?.once('data', () => child.kill('SIGINT'));
    const ended = await told(
      noisy('module.exports = () => new Promise(() => undefined); if (0)'),
      ['check'],
      { started },
    );
    expect(ended).toMatchObject({ code: 130, out: '' });
    expect(ended.err).toContain('fk-guard: Cancelled; nothing was written.');
  });

  it('keeps its exit code when nobody reads to the end', async () => {
    const ended = await told(noisy(), ['check'], { started: (child) => void child.stdout?.destroy() });
    expect(ended.code).toBe(2);
    expect(ended.err).not.toContain('EPIPE');
  });
});

describe('a connection string beside a Sequelize instance', () => {
  const elsewhere = 'postgres://somebody:s3cret-word@elsewhere/other';

  it.each([
    ['--url', ['check', '--url', elsewhere], {}, 64],
    ['FK_GUARD_DATABASE_URL', ['check'], { FK_GUARD_DATABASE_URL: elsewhere }, 78],
  ])('%s is refused', async (from, argv, env, code) => {
    const ended = await told(noisy(), argv, { env });
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).toContain(
      `fk-guard: ${from} cannot replace the connection of the Sequelize instance in the configuration.\n`,
    );
    expect(ended.err).not.toContain('s3cret-word');
  });
});

describe('models that cannot be compared', () => {
  const instance = (url: string, options: string): string => `const { Sequelize } = require('sequelize');
const sequelize = new Sequelize('${url}', ${options});`;

  it.each([
    [
      'MySQL',
      `${instance('mysql://u:s3cret-word@h/d', '{ dialectModule: {} }')} module.exports = { sequelize };`,
      'This Sequelize instance uses the dialect "mysql"; only "postgres" is supported.',
    ],
    [
      'no models',
      `${instance('postgres://u:s3cret-word@h/d', '{}')} module.exports = { sequelize };`,
      'There are no models: there is nothing to compare the database with.',
    ],
    [
      'a relation that no model has',
      noisy(`globalThis.options = { relations: { 'Checkout.userid': { orphans: 'keep' } } };`),
      expect.stringContaining('Checkout.userId') as unknown,
    ],
    [
      'a driver that is not installed',
      instance('mysql://u:s3cret-word@h/d', '{}'),
      expect.stringMatching(
        /^Cannot load .*fk-guard\.config\.js: Please install mysql2 package manually$/,
      ) as unknown,
    ],
  ])('%s', async (_, config, message) => {
    const { code, out, err } = await told(config, ['check', '--format', 'json']);
    expect({ code, document: JSON.parse(out) as unknown }).toMatchObject({
      code: 78,
      document: { errors: [{ message }] },
    });
    expect(err + out).not.toContain('s3cret-word');
    expect(err).not.toMatch(/\n\s+at /);
  });
});

describe('a configuration that keeps the program from ending its work', () => {
  it.each([
    ['by a promise that nobody keeps', 'module.exports = () => new Promise(() => undefined);'],
    ['by ending the process', 'process.exit(0);'],
  ])('%s is no healthy database', async (_title, config) => {
    expect(await told(config, ['check'])).toEqual({
      code: 1,
      out: '',
      err: 'fk-guard: The process ended before the work was done, maybe by a promise or a process.exit() of the configuration.\n',
    });
  });
});
