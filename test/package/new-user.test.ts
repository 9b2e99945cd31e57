import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { call, emptyProject, install, must, pack, removeFolder, temporaryFolder, type Project } from './npm';
import { KINDS, RESOLUTIONS, TYPED, withGuard } from './projects';

/** What was there before the guard came: no key, and an orphan that none has kept out. */
const DAMAGED = `
  create table "Users" (id serial primary key, name varchar(255));
  create table "Checkouts" (id serial primary key, title varchar(255), "userId" integer);
  insert into "Users" (name) values ('Ada'), ('Ben');
  insert into "Checkouts" (title, "userId") values ('Kept', 1), ('Lost', 4), ('Free', null);`;

const KEYS = `select pg_get_constraintdef(oid) as key, convalidated from pg_constraint
  where contype = 'f' and conrelid = '"Checkouts"'::regclass`;

/** Node itself is a package too. */
const NODE = `node-${process.platform}-${process.arch}`;
const NODES = [
  { version: 'the Node that runs the tests', node: process.execPath },
  { version: 'Node 22', node: './node_modules/node22/bin/node' },
  { version: 'Node 24', node: './node_modules/node24/bin/node' },
];

let folder: string;
let installed: Project;
beforeAll(() => {
  folder = temporaryFolder();
  installed = install(folder, [
    pack(folder),
    ...['sequelize', 'pg', 'express', 'prom-client', 'typescript', '@types/node', '@types/express'],
    ...[22, 24].map((major) => `node${major}@npm:${NODE}@${major}`),
  ]);
});
afterAll(() => removeFolder(folder));

const PROGRAM = 'node_modules/sequelize-fk-guard/dist/cli/main.js';

describe.each(KINDS)('an application of Express: $title', (kind) => {
  let project: Project;
  let database: TestDatabase;
  const env = (): Record<string, string> => ({ DATABASE_URL: database.url, NO_COLOR: '1' });

  beforeAll(() => {
    project = emptyProject(
      folder,
      kind.title.toLowerCase().replace(/\W+/g, '-'),
      { type: kind.type },
      installed,
    );
    project.write(kind.files);
  });
  beforeEach(async () => {
    database = await createDatabase('package');
    await database.query(DAMAGED);
  });
  afterEach(() => database.drop());

  const run = (...argv: string[]) => call(project.directory, argv, env());

  it('gets its configuration from init, and check finds what is wrong', () => {
    expect(run('npx', '--no-install', 'fk-guard', 'init')).toMatchObject({ status: 0 });
    const manifest = JSON.parse(readFileSync(join(project.directory, 'package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({
      scripts: { 'migrate:fix-fk': 'fk-guard apply --yes --accept-data-loss' },
    });
    expect(run('npx', '--no-install', 'fk-guard', 'check')).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('Checkout.userId') as unknown,
    });
  });

  it('is repaired by the script that init has written', async () => {
    expect(run('npm', 'run', 'migrate:fix-fk')).toMatchObject({ status: 0 });
    expect(await database.query('select title from "Checkouts" order by id')).toEqual([
      { title: 'Kept' },
      { title: 'Free' },
    ]);
  });

  describe('with two lines of code', () => {
    beforeAll(() => {
      project.write(withGuard(kind));
      if (!kind.typescript) return;
      project.write({ 'tsconfig.json': tsconfig({ module: 'nodenext', skipLibCheck: true }, ['app.ts']) });
      must(project.directory, ['npx', '--no-install', 'tsc', '-p', '.']);
    });

    it.each(NODES)('is repaired at its start, and its check passes, with $version', async ({ node }) => {
      const shown = must(project.directory, [node, kind.start], env());
      expect(JSON.parse(shown)).toEqual([
        { id: 1, title: 'Kept', userId: 1 },
        { id: 3, title: 'Free', userId: null },
      ]);
      expect(await database.query(KEYS)).toEqual([
        {
          key: 'FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE CASCADE',
          convalidated: true,
        },
      ]);
      expect(run(node, PROGRAM, 'check')).toMatchObject({ status: 0 });
    });
  });
});

const tsconfig = (more: object, files: readonly string[]): string =>
  JSON.stringify({
    compilerOptions: {
      target: 'es2023',
      strict: true,
      types: ['node'],
      rootDir: '.',
      outDir: 'dist',
      ...more,
    },
    files,
  });

describe('the entry point', () => {
  let project: Project;
  beforeAll(() => void (project = emptyProject(folder, 'entry', {}, installed)));

  /** The packages that a program has loaded, and the files of the library itself. */
  const loadedBy = (program: string): readonly string[] => {
    project.write({
      'loaded.cjs': `(async () => { ${program} })().then(() => {
const files = Object.keys(require.cache).filter((file) => file !== __filename);
const parts = files.map((file) => file.replace(/^.*node_modules./, ''));
console.log(JSON.stringify([...new Set(parts.map((part) => /^(sequelize-fk-guard.*|@[^/]+.[^/]+|[^/]+)/.exec(part)[0]))]));
});`,
    });
    return JSON.parse(must(project.directory, ['node', 'loaded.cjs'])) as readonly string[];
  };
  const ofCommandLine = ['commander', 'jiti', '@dagrejs/dagre', 'sequelize-fk-guard/dist/cli/main.js'];

  it('loads nothing that only the command line needs, nor an optional peer, nor Sequelize', () => {
    const loaded = loadedBy(`require('sequelize-fk-guard');`);
    expect(loaded).toEqual(expect.arrayContaining(['pg', 'sequelize-fk-guard/dist/index.js']));
    for (const name of [...ofCommandLine, 'sequelize', 'prom-client']) expect(loaded).not.toContain(name);
  });

  it('leaves what a repair needs to the first repair', () => {
    const chunks = (program: string): number =>
      loadedBy(program).filter((name) => name.startsWith('sequelize-fk-guard/')).length;
    const early = chunks(`require('sequelize-fk-guard');`);
    const late = chunks(`const { createGuard } = require('sequelize-fk-guard');
      await createGuard({ url: 'postgres://localhost:1/x', foreignKeys: [{ child: 'public.a(b)', parent: 'public.c(d)' }] }).check().catch(() => undefined);`);
    expect(early).toBeLessThan(10);
    expect(late).toBeGreaterThan(early);
  });

  it('is the same library for import and require', () => {
    const loaded = loadedBy(`const { FkGuardError } = require('sequelize-fk-guard');
      const esm = await import('sequelize-fk-guard');
      if (esm.FkGuardError === FkGuardError) require('prom-client');`);
    expect(loaded).toContain('prom-client');
  });
});

describe('the types', () => {
  let project: Project;
  beforeAll(() => {
    project = emptyProject(folder, 'types', { type: 'commonjs' }, installed);
    project.write({ 'typed.cts': TYPED, 'typed.mts': TYPED, 'typed.ts': TYPED });
  });

  it.each(RESOLUTIONS)('are found and strict under module $module, from CommonJS and from ESM', (way) => {
    project.write({
      'tsconfig.json': tsconfig({ ...way, noEmit: true }, ['typed.cts', 'typed.mts', 'typed.ts']),
    });
    expect(call(project.directory, ['npx', '--no-install', 'tsc', '-p', '.'])).toMatchObject({
      status: 0,
      stdout: '',
    });
  });
});
