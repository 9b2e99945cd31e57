import { createDatabase, type TestDatabase } from '../postgres/database';
import { createProject, fkGuard, type Project } from './program';

let project: Project;
beforeAll(() => void (project = createProject()));
afterAll(() => project.remove());

const told = async (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { code, out, err } = await fkGuard([...argv, '--format', 'json'], { cwd: project.directory, env });
  return { code, err, out, document: JSON.parse(out) as Record<string, unknown> };
};

const keys = (more: object = {}): string =>
  JSON.stringify({
    url: 'postgres://ada:s3cret-word@file/library',
    foreignKeys: [{ child: 'public.a(b)', parent: 'public.c(d)' }],
    options: { orphans: 'keep', lockTimeout: '7s', directUrl: 'postgres://ada:s3cret-word@server/library' },
    ...more,
  });

describe('--print-config', () => {
  it('names the value that holds and its place: flag, environment, file, default; no server is asked', async () => {
    project.write({ 'fk-guard.config.json': keys() });
    const flags = ['check', '--print-config', '--lock-timeout', '9s', '--schema', 'public'];
    const env = {
      FK_GUARD_DATABASE_URL: 'postgres://ada:s3cret-word@environment/library',
      FK_GUARD_DIRECT_URL: 'postgres://ada:s3cret-word@direct/library',
      FK_GUARD_MODE: 'check',
    };
    const { code, out, err, document } = await told(flags, env);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(document['configuration']).toMatchObject({
      file: expect.stringMatching(/fk-guard\.config\.json$/) as unknown,
      database: { value: 'postgres://ada:***@environment/library', from: 'FK_GUARD_DATABASE_URL' },
      options: {
        lockTimeout: { value: 9000, from: 'flag' },
        include: { value: ['public.*'], from: 'flag' },
        mode: { value: 'check', from: 'environment' },
        directUrl: { value: 'postgres://ada:***@direct/library', from: 'environment' },
        orphans: { value: 'keep', from: 'file' },
        onDelete: { value: 'explicit', from: 'default' },
      },
    });
    expect(out).not.toContain('s3cret-word');
  });

  it('has the flag win over the environment, and tells a person too', async () => {
    project.write({ 'fk-guard.config.json': keys() });
    const env = { FK_GUARD_DATABASE_URL: 'postgres://ada:s3cret-word@environment/library' };
    const argv = ['plan', '--print-config', '--url', 'postgres://ada:s3cret-word@flag/library'];
    const { code, out } = await fkGuard(argv, { cwd: project.directory, env });
    expect(code).toBe(0);
    expect(out).toContain('database  postgres://ada:***@flag/library (--url)\n');
    expect(out).toContain('  orphans = "keep" (file)\n');
    expect(out).not.toContain('s3cret-word');
  });

  it('refuses what the library would refuse', async () => {
    project.write({ 'fk-guard.config.json': keys({ options: { orphan: 'keep' } }) });
    expect(await told(['check', '--print-config'])).toMatchObject({
      code: 78,
      document: { errors: [{ code: 'OPTIONS' }] },
    });
    expect((await told(['check', '--schema', 'a', '--include', 'b'])).code).toBe(64);
  });
});

describe('.sequelizerc', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase('sequelizerc');
    await database.query(`
      create table "Users" (id integer primary key);
      create table "Loans" (id integer primary key, "UserId" integer);
      insert into "Loans" values (1, 4);`);
  });
  afterAll(() => database.drop());

  const rc = `const path = require('path');
module.exports = { 'models-path': path.resolve('server', 'models'), config: path.resolve('config', 'config.js') };`;
  /** The index that sequelize-cli writes, with its configuration and its model files. */
  const files = {
    '.sequelizerc': rc,
    'config/config.js': `module.exports = { staging: { use_env_variable: 'APP_DATABASE' } };`,
    'server/models/user.js': `module.exports = (sequelize, { INTEGER }) => {
  const User = sequelize.define('User', { id: { type: INTEGER, primaryKey: true } }, { timestamps: false });
  User.associate = ({ Loan }) => User.hasMany(Loan, { onDelete: 'CASCADE' });
  return User;
};`,
    'server/models/loan.js': `module.exports = (sequelize, { INTEGER }) =>
  sequelize.define('Loan', { id: { type: INTEGER, primaryKey: true } }, { timestamps: false });`,
    'server/models/index.js': `const { Sequelize, DataTypes } = require('sequelize');
const config = require('../../config/config.js')[process.env.NODE_ENV];
console.log('models are here');
const db = { sequelize: new Sequelize(process.env[config.use_env_variable], { logging: false }), Sequelize };
for (const name of ['user', 'loan']) {
  const model = require('./' + name)(db.sequelize, DataTypes);
  db[model.name] = model;
}
for (const { associate } of [db.User, db.Loan]) associate?.(db);
module.exports = db;`,
  };

  it('leads to the models where there is no configuration, and that is said', async () => {
    const own = createProject(files);
    try {
      const env = { NODE_ENV: 'staging', APP_DATABASE: database.url };
      const ended = await fkGuard(['check', '--format', 'json'], { cwd: own.directory, env });
      expect(ended.code).toBe(2);
      expect(JSON.parse(ended.out)).toMatchObject({
        findings: expect.arrayContaining([
          expect.objectContaining({ kind: 'orphaned-rows', relation: 'Loan.UserId' }),
        ]) as unknown,
      });
      expect(ended.err).toMatch(
        /There is no fk-guard\.config\.\*; the models are .*server\/models\/index\.js, by .*\.sequelizerc\.\n/,
      );
      expect(ended.err).toContain('models are here\n');
    } finally {
      own.remove();
    }
  });

  it.each([
    ['that leads nowhere', `module.exports = { 'models-path': 'nowhere' };`, /there is no index/],
    ['that throws', `throw new Error('no vault')`, /^Cannot load .*\.sequelizerc: no vault$/],
  ])('%s is a mistake of the configuration', async (_, text, message) => {
    const own = createProject({ '.sequelizerc': text });
    try {
      const { code, out } = await fkGuard(['check', '--format', 'json'], { cwd: own.directory });
      expect(code).toBe(78);
      expect(JSON.parse(out)).toMatchObject({
        errors: [{ code: 'CONFIG', message: expect.stringMatching(message) as unknown }],
      });
    } finally {
      own.remove();
    }
  });
});
