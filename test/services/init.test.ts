import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withScript } from '../../src/cli/init/package-script';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { createProject, fkGuard, type Project } from '../cli/program';

const SCRIPT = '"migrate:fix-fk": "fk-guard apply --yes --accept-data-loss"';

let database: TestDatabase;
let project: Project;
beforeAll(async () => {
  database = await createDatabase('init');
  await database.query(`
    create table users (id integer primary key);
    create table loans (id integer primary key, "userId" integer);
    insert into loans values (1, 4);`);
});
afterAll(() => database.drop());
beforeEach(() => void (project = createProject()));
afterEach(() => project.remove());

const init = (...argv: string[]) => fkGuard(['init', ...argv], { cwd: project.directory });
const read = (path: string): string => readFileSync(join(project.directory, path), 'utf8');
const files = (): string[] =>
  readdirSync(project.directory)
    .filter((name) => name !== 'node_modules')
    .sort();

/** What check finds with the configuration that was written. */
async function found() {
  const env = { DATABASE_URL: database.url };
  const { code, out, err } = await fkGuard(['check', '--format', 'json'], { cwd: project.directory, env });
  const { findings } = JSON.parse(out) as { findings: { kind: string; relation: string }[] };
  return {
    code,
    err,
    orphans: findings.filter(({ kind }) => kind === 'orphaned-rows').map((one) => one.relation),
  };
}
const SEEN = { code: 2, err: '', orphans: ['Loan.userId'] };

const define = `const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false, define: { timestamps: false } });
const id = { type: DataTypes.INTEGER, primaryKey: true };
const User = sequelize.define('User', { id }, { tableName: 'users' });
const Loan = sequelize.define('Loan', { id }, { tableName: 'loans' });
User.hasMany(Loan, { foreignKey: 'userId', onDelete: 'CASCADE' });`;
const commonJs = `const { Sequelize, DataTypes } = require('sequelize');\n${define}\nmodule.exports = { sequelize };`;
const ecmaScript = `import { Sequelize, DataTypes } from 'sequelize';\n${define}\nexport { sequelize };`;

const user = `import { Column, Model, PrimaryKey, Table } from 'sequelize-typescript';
@Table({ tableName: 'users', timestamps: false })
export class User extends Model { @PrimaryKey @Column declare id: number; }`;
const loan = `import { BelongsTo, Column, ForeignKey, Model, PrimaryKey, Table } from 'sequelize-typescript';
import { User } from '../users/user.model';
@Table({ tableName: 'loans', timestamps: false })
export class Loan extends Model {
  @PrimaryKey @Column declare id: number;
  @ForeignKey(() => User) @Column declare userId: number;
  @BelongsTo(() => User, { onDelete: 'CASCADE' }) declare user: User;
}`;

describe('fk-guard init', () => {
  it.each([
    [
      'Sequelize CLI',
      'fk-guard.config.js',
      'Sequelize CLI',
      {
        'package.json': '{"name":"app"}',
        '.sequelizerc': `module.exports = { 'models-path': 'server/models' };`,
        'server/models/index.js': commonJs,
      },
    ],
    [
      'modules',
      'fk-guard.config.js',
      'JavaScript with Sequelize',
      {
        'package.json': '{"type":"module"}',
        'src/db.js': ecmaScript,
      },
    ],
    [
      'TypeScript',
      'fk-guard.config.ts',
      'TypeScript',
      {
        'package.json': '{"devDependencies":{"typescript":"5"}}',
        'src/models/index.ts': ecmaScript.replace('process.env.DATABASE_URL', '$&!'),
      },
    ],
    [
      'NestJS with sequelize-typescript',
      'fk-guard.config.ts',
      'TypeScript, sequelize-typescript, NestJS',
      {
        'package.json':
          '{"dependencies":{"@nestjs/core":"11","@nestjs/sequelize":"11","sequelize-typescript":"2"}}',
        'tsconfig.json': '{"compilerOptions":{"experimentalDecorators":true,"emitDecoratorMetadata":true}}',
        'src/users/user.model.ts': user,
        'src/loans/loan.model.ts': loan,
        'src/db.ts': `throw new Error('is never loaded'); export const sequelize = 1;`,
      },
    ],
  ])('writes a configuration for %s that check can use at once', async (_, config, label, written) => {
    project.write(written);
    const { code, out } = await init();
    expect(code).toBe(0);
    expect(out).toContain(
      `Found: ${label}.\n  wrote ${config}: the configuration\n  wrote package.json: the script`,
    );
    expect(read('package.json')).toContain(SCRIPT);
    expect(await found()).toEqual(SEEN);
  });

  it('shows what it would write and writes nothing; then writes it once, the workflow too', async () => {
    project.write({ 'models/index.js': commonJs });
    const before = files();
    expect(await init('--dry-run', '--ci')).toMatchObject({
      code: 0,
      out: expect.stringContaining('would write fk-guard.config.js') as unknown,
    });
    expect({ files: files(), text: read('package.json') }).toEqual({ files: before, text: '{}' });
    expect((await init('--ci')).code).toBe(0);
    const after = [...files(), read('package.json'), read('fk-guard.config.js')];
    expect(await init('--ci')).toMatchObject({
      code: 0,
      out: expect.not.stringContaining('wrote') as unknown,
    });
    expect([...files(), read('package.json'), read('fk-guard.config.js')]).toEqual(after);
    expect(read('.github/workflows/fk-guard.yml')).toContain('- run: npx fk-guard check\n');
  });

  it('leaves what is there, and writes over it with --force', async () => {
    const own = '{"scripts":{"migrate:fix-fk":"node mine.js"}}';
    project.write({ 'package.json': own, 'fk-guard.config.js': '// mine', 'models/index.js': commonJs });
    const { code, out } = await init();
    expect({ code, text: read('package.json'), config: read('fk-guard.config.js') }).toEqual({
      code: 0,
      text: own,
      config: '// mine',
    });
    expect(out).toContain('left fk-guard.config.js: it is there already; --force writes over it');
    expect((await init('--force')).code).toBe(0);
    expect(read('package.json')).toBe(`{"scripts":{${SCRIPT.replace('": "', '":"')}}}`);
    expect(await found()).toEqual(SEEN);
  });

  it('adds no second configuration beside one of another name', async () => {
    project.write({ 'fk-guard.config.json': '{}' });
    await init('--force');
    expect(files()).toEqual(['fk-guard.config.json', 'package.json']);
  });

  it('says what to write where no instance was found', async () => {
    const { out } = await init();
    expect(out).toContain('1. Write into fk-guard.config.js where your Sequelize instance is');
  });

  it('ends with 78 outside of a package and in a broken one, with 64 for a flag that it has not', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'fk-guard-outside-'));
    try {
      const { code, err } = await fkGuard(['init'], { cwd: outside });
      expect({ code, err, files: readdirSync(outside) }).toEqual({
        code: 78,
        err: expect.stringContaining('fk-guard: There is no package.json from here upwards.\n') as unknown,
        files: [],
      });
    } finally {
      rmSync(outside, { recursive: true });
    }
    project.write({ 'package.json': '["name"]' });
    expect((await init()).code).toBe(78);
    expect(existsSync(join(project.directory, 'fk-guard.config.js'))).toBe(false);
    expect((await init('--url', 'x')).code).toBe(64);
  });

  it('ends with 1 and half a work nowhere when a file cannot be written', async () => {
    project.write({ '.github/workflows': 'a file where a folder should be' });
    expect((await init('--ci')).code).toBe(1);
    expect(read('package.json')).toBe('{}');
    expect(existsSync(join(project.directory, 'fk-guard.config.js'))).toBe(false);
  });
});

describe('the script in package.json', () => {
  it.each([
    ['{}', `{\n  "scripts": {\n    ${SCRIPT}\n  }\n}`],
    ['{\n\t"name": "a",\n\t"scripts": {}\n}\n', `{\n\t"name": "a",\n\t"scripts": {\n\t\t${SCRIPT}\n\t}\n}\n`],
    [
      '{\r\n    "scripts": {\r\n        "a": "b { \\" , }"\r\n    },\r\n    "files": [ "x","y" ]\r\n}',
      `{\r\n    "scripts": {\r\n        "a": "b { \\" , }",\r\n        ${SCRIPT}\r\n    },\r\n    "files": [ "x","y" ]\r\n}`,
    ],
    [
      '{ "x": { "scripts": 1 }, "scripts": { "a": "b" } }',
      `{ "x": { "scripts": 1 }, "scripts": { "a": "b", ${SCRIPT} } }`,
    ],
    ['{\n  "name": "a"\n}', `{\n  "name": "a",\n  "scripts": {\n    ${SCRIPT}\n  }\n}`],
    ['{"scripts":{"migrate:fix-fk":"old","z":1}}', `{"scripts":{${SCRIPT.replace('": "', '":"')},"z":1}}`],
  ])('leaves every other character of %j', (before, after) => {
    expect(withScript(before)).toBe(after);
    expect(() => JSON.parse(after) as unknown).not.toThrow();
  });
});
