import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { rowsOf } from '../quarantine/setup';
import { fkGuard, type Project } from '../cli/program';
import { createReadyProject } from '../cli/ready-project';

let database: TestDatabase;
let project: Project;
beforeEach(async () => {
  database = await createDatabase('cli_migration');
  await database.query(`
    create table "Users" (id integer primary key);
    create table "Loans" (id integer primary key, "userId" integer);
    create index on "Loans" ("userId");
    insert into "Users" values (1);
    insert into "Loans" values (1, 1), (2, 1), (3, 4);`);
  project = createReadyProject();
});
afterEach(async () => {
  project.remove();
  await database.drop();
});

const define = `const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false, define: { timestamps: false } });
const id = { type: DataTypes.INTEGER, primaryKey: true };
const User = sequelize.define('User', { id });
const Loan = sequelize.define('Loan', { id });
User.hasMany(Loan, { foreignKey: 'userId', onDelete: 'CASCADE' });`;
const commonJs = `const { Sequelize, DataTypes } = require('sequelize');\n${define}\nmodule.exports = { sequelize, options: {} };`;

const environment = () => ({ DATABASE_URL: database.url, FK_GUARD_MODE: '' });
const guard = (...argv: string[]) => fkGuard(argv, { cwd: project.directory, env: environment() });

/** Runs a script in the project with what the project has installed. */
const run = (...argv: string[]) =>
  new Promise<{ code: number | null; out: string }>((done) => {
    const { PATH = '' } = process.env;
    const options = { cwd: project.directory, env: { PATH, ...environment() }, timeout: 30_000 };
    const child = execFile(process.execPath, argv, options, (_, out, err) =>
      done({ code: child.exitCode, out: out + err }),
    );
  });
const sequelizeCli = (command: string) =>
  run('node_modules/sequelize-cli/lib/sequelize', command, '--url', database.url);

const migrations = (folder = 'migrations'): string[] => readdirSync(join(project.directory, folder));
const read = (path: string): string => readFileSync(join(project.directory, path), 'utf8');
const key = async () =>
  (
    await database.query(
      `select pg_get_constraintdef(oid) as key from pg_constraint where contype = 'f' and convalidated
         and conrelid = '"Loans"'::regclass`,
    )
  ).map(({ key }) => key);
const KEY = 'FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE CASCADE';
const loans = () => rowsOf(database, '"Loans"');

describe('fk-guard migration', () => {
  it('carries the saved plan for sequelize-cli, where .sequelizerc says; undo takes the key back', async () => {
    project.write({
      '.sequelizerc': `const { resolve } = require('path');
module.exports = { 'models-path': resolve('app/models'), 'migrations-path': resolve('db/moves') };`,
      'app/models/index.js': commonJs,
    });
    await guard('plan', '--out', 'plan.json');
    const { code, out } = await guard('migration', 'fix-loans', '--plan', 'plan.json');
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringContaining('npx sequelize-cli db:migrate') as unknown,
    });
    const [file = ''] = migrations('db/moves');
    expect(file).toMatch(/^\d{14}-fix-loans\.js$/);
    expect(read(`db/moves/${file}`)).toContain(` * 1. `);
    expect(read(`db/moves/${file}`)).toContain((JSON.parse(read('plan.json')) as { seal: string }).seal);

    expect(await sequelizeCli('db:migrate')).toMatchObject({ code: 0 });
    expect({ key: await key(), loans: await loans() }).toEqual({ key: [KEY], loans: ['(1,1)', '(2,1)'] });
    expect(await rowsOf(database, '"SequelizeMeta"')).toEqual([`(${file})`]);

    expect(await sequelizeCli('db:migrate:undo')).toMatchObject({ code: 0 });
    expect({ key: await key(), loans: await loans() }).toEqual({ key: [], loans: ['(1,1)', '(2,1)'] });
    expect(await rowsOf(database, '"SequelizeMeta"')).toEqual([]);
  });

  it('refuses when more rows would go than were reviewed, and is not recorded', async () => {
    project.write({ 'fk-guard.config.js': commonJs });
    expect((await guard('migration', 'fix-loans')).code).toBe(0);
    await database.query('insert into "Loans" values (5, 7)');
    const { code, out } = await sequelizeCli('db:migrate');
    expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/plan/i) as unknown });
    expect({ key: await key(), loans: await loans() }).toEqual({
      key: [],
      loans: ['(1,1)', '(2,1)', '(3,4)', '(5,7)'],
    });
    expect(await rowsOf(database, '"SequelizeMeta"')).toEqual([]);
  });

  it.each([
    ['CommonJS', {}, 'fk-guard.config.js', commonJs, '.js', 'module.exports = { up, down };'],
    [
      'a package of modules',
      { 'package.json': '{"type":"module"}' },
      'fk-guard.config.js',
      `import { Sequelize, DataTypes } from 'sequelize';\n${define}\nexport default async () => sequelize;`,
      '.js',
      'export const { up, down } = fkGuardMigration',
    ],
  ])('umzug runs it up and down: %s', async (_, more, config, text, extension, exported) => {
    project.write({
      ...more,
      [config]: text,
      'umzug.cjs': `const { Sequelize } = require('sequelize');
const { Umzug, SequelizeStorage } = require('umzug');
const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false });
const resolve = ({ name, path }) => ({
  name,
  up: async (params) => (await import(path)).up(params),
  down: async (params) => (await import(path)).down(params),
});
const umzug = new Umzug({ migrations: { glob: 'migrations/*.js', resolve }, context: sequelize.getQueryInterface(),
  storage: new SequelizeStorage({ sequelize }), logger: undefined });
umzug[process.argv[2]]().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });`,
    });
    expect((await guard('migration', 'fix-loans', '--max-rows', '50')).code).toBe(0);
    const [file = ''] = migrations();
    expect(file.endsWith(extension)).toBe(true);
    expect(read(`migrations/${file}`)).toContain(exported);
    expect(read(`migrations/${file}`)).toContain(`limits: {\n  "rows": 50\n}`);

    expect(await run('umzug.cjs', 'up')).toMatchObject({ code: 0 });
    expect({ key: await key(), loans: await loans() }).toEqual({ key: [KEY], loans: ['(1,1)', '(2,1)'] });
    expect(await run('umzug.cjs', 'down')).toMatchObject({ code: 0 });
    expect(await key()).toEqual([]);
  });

  it('is TypeScript beside others, and sequelize-cli runs it behind a hook', async () => {
    project.write({
      'migrations/20200101000000-first.ts': 'export const up = async () => {}; export const down = up;',
      'fk-guard.config.ts': commonJs
        .replace('const {', 'import {')
        .replace(`} = require('sequelize')`, `} from 'sequelize'`)
        .replace('module.exports =', 'export default'),
      '.sequelizerc': `const ts = require('typescript');
require.extensions['.ts'] = (module, file) => module._compile(ts.transpileModule(require('fs').readFileSync(file, 'utf8'),
  { compilerOptions: { module: 'commonjs', target: 'es2022', esModuleInterop: true } }).outputText, file);
module.exports = {};`,
    });
    expect((await guard('migration', 'fix-loans')).code).toBe(0);
    const file = migrations().at(-1) ?? '';
    expect(file).toMatch(/-fix-loans\.ts$/);
    expect(read(`migrations/${file}`)).toContain(`import("../fk-guard.config")`);
    expect(await sequelizeCli('db:migrate')).toMatchObject({ code: 0 });
    expect({ key: await key(), loans: await loans() }).toEqual({ key: [KEY], loans: ['(1,1)', '(2,1)'] });
  });

  it('passes on a database that is as the models want it, and writes nothing there', async () => {
    project.write({ 'fk-guard.config.js': commonJs });
    expect((await guard('migration', 'fix-loans')).code).toBe(0);
    const applied = await guard('apply', '--yes', '--accept-data-loss', '--no-progress');
    expect(applied).toMatchObject({ code: 0, err: expect.not.stringMatching(/^Fence: /m) as unknown });
    const runs = await database.query('select id from fk_guard.run');
    expect(await sequelizeCli('db:migrate')).toMatchObject({ code: 0 });
    expect(await database.query('select id from fk_guard.run')).toEqual(runs);
    expect((await guard('migration', 'again')).code).toBe(3);
  });

  it('is a file for everybody to read, so keys of rows stay out of it', async () => {
    await database.query('insert into "Loans" values (4, 987654321)');
    project.write({ 'fk-guard.config.js': commonJs });
    await guard('plan', '--sample-keys', '5', '--out', 'plan.json');
    expect(read('plan.json')).toContain('987654321');
    expect((await guard('migration', 'fix-loans', '--plan', 'plan.json', '--out', 'a.js')).code).toBe(0);
    expect(read('a.js')).not.toContain('987654321');
    expect((await guard('migration', 'fix-loans', '--sample-keys', '5', '--out', 'migrations')).code).toBe(0);
    expect(read(`migrations/${migrations()[0]}`)).not.toContain('987654321');
    expect(await sequelizeCli('db:migrate')).toMatchObject({ code: 0 });
    expect({ key: await key(), loans: await loans() }).toEqual({ key: [KEY], loans: ['(1,1)', '(2,1)'] });
  });

  it('has an exit code for each way in which no file is written', async () => {
    project.write({ 'fk-guard.config.js': commonJs, 'there.js': '', 'plan.json': '{"schemaVersion":1}' });
    mkdirSync(join(project.directory, 'keys'));
    const declared = {
      url: database.url,
      foreignKeys: [{ child: 'public.Loans(userId)', parent: 'public.Users(id)' }],
    };
    project.write({ 'keys/fk-guard.config.json': JSON.stringify(declared) });
    const codes = [
      (await guard('migration', 'a', '--out', 'there.js')).code,
      (await guard('migration', 'a', '--plan', 'plan.json')).code,
      (await guard('migration', '../a')).code,
      (await guard('migration', 'a', '--config', 'keys/fk-guard.config.json')).code,
    ];
    expect(codes).toEqual([1, 3, 64, 78]);
    expect(read('there.js')).toBe('');
  });
});
