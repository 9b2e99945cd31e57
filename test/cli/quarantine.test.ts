import { run } from '../../src/cli/run';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { createProject, type Project } from './program';
import { recordedIo } from './streams';

const foreignKeys = [{ child: 'public.checkouts(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' }];

let database: TestDatabase;
let project: Project;
beforeEach(async () => {
  database = await createDatabase('cli_quarantine');
  await database.query(`
    create table users (id integer primary key);
    create table checkouts (id integer primary key, user_id integer);
    create index on checkouts (user_id);
    insert into users select generate_series(1, 50);
    insert into checkouts select n, n from generate_series(1, 53) as n`);
  project = createProject({ 'fk-guard.config.json': JSON.stringify({ url: database.url, foreignKeys }) });
});
afterEach(async () => {
  project.remove();
  await database.drop();
});

async function fkGuard(argv: readonly string[], answers?: readonly string[]) {
  const io = recordedIo({ cwd: project.directory, ...(answers && { answers }) });
  const code = await run(argv, io);
  return { code, out: io.out(), err: io.err() };
}

/** A repair, as long ago as it is said to be. */
async function repaired(days = 45): Promise<string> {
  const { out } = await fkGuard(['apply', '--yes', '--accept-data-loss', '--format', 'json']);
  await database.query(`
    update fk_guard.quarantine set taken_at = '2020-01-01 00:00Z'::timestamptz - interval '${days} days';
    update fk_guard.run set started_at = '2020-01-01 00:00Z'::timestamptz - interval '${days} days', finished_at = '2020-01-01 00:00:01Z'::timestamptz - interval '${days} days'`);
  return (JSON.parse(out) as { summary: { runId: string } }).summary.runId;
}

const copies = async (): Promise<unknown> =>
  (await database.query('select count(*)::int as rows from fk_guard.quarantine'))[0]?.['rows'];

describe('purge', () => {
  const old = ['purge', '--older-than', '30d'];

  it('shows the runs, tables, rows and age, and takes the name of the database for consent', async () => {
    const runId = await repaired();
    const told = await fkGuard(old, [database.name]);
    expect(told).toMatchObject({ code: 0 });
    const block = `Run ${runId}\n  3 copies, taken 2019-11-17 00:00 UTC\n  public.checkouts: 3 copies\n`;
    expect(told.err).toMatch(
      /^3 copies would be purged for good, of 1 run\.\nRuns whose last copy is from before /,
    );
    expect(told.err).toContain(block);
    expect(told.err).toMatch(
      /3 of them of rows that were not put back\.\nType the name of the database to go on: $/,
    );
    expect(told.out).toMatch(/^3 copies purged, of 1 run\.\n/);
    expect(told.out).toContain(block);
    expect(await copies()).toBe(0);
    const again = await fkGuard(['restore', runId]);
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toMatch(
      /0 rows put back\.\n\n3 copies of this run were purged on .* UTC and cannot come back\.\n/,
    );
  });

  it.each([
    [['--yes'], /^ {2}Add --yes --accept-data-loss to purge them without a question\.$/m],
    [[], /There is no terminal to ask at; nothing was written\.$/m],
  ])('without a terminal %j is not enough', async (flags, words) => {
    await repaired();
    const refused = await fkGuard([...old, ...flags]);
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toMatch(words);
    expect(await copies()).toBe(3);
  });

  it('without a terminal --yes --accept-data-loss is, and the JSON is one document', async () => {
    const runId = await repaired();
    const told = await fkGuard([...old, '--yes', '--accept-data-loss', '--format', 'json']);
    expect(told.code).toBe(0);
    expect(JSON.parse(told.out)).toMatchObject({
      schemaVersion: 1,
      command: 'purge',
      database: { name: database.name },
      summary: { dryRun: false, rows: 3, runs: 1, kept: 0 },
      runs: [{ runId, rows: 3, restored: 0, tables: [{ table: 'public.checkouts', rows: 3 }] }],
      errors: [],
    });
    expect(await copies()).toBe(0);
  });

  it('a dry run takes nothing, needs no consent, and works in check mode', async () => {
    await repaired();
    project.write({
      'fk-guard.config.json': JSON.stringify({ url: database.url, foreignKeys, options: { mode: 'check' } }),
    });
    const dry = await fkGuard([...old, '--dry-run']);
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toContain('3 copies would be purged for good, of 1 run.');
    expect(await fkGuard([...old, '--yes', '--accept-data-loss'])).toMatchObject({ code: 78, out: '' });
    expect(await copies()).toBe(3);
  });

  it('nothing is old enough, or there is no quarantine: 0, and nothing is asked', async () => {
    expect(await fkGuard(old)).toMatchObject({ code: 0, err: '' });
    await repaired();
    const young = await fkGuard(['purge', '--older-than', '30000d']);
    expect(young).toMatchObject({ code: 0, err: '' });
    expect(young.out).toMatch(/^Nothing to purge\.\n/);
  });

  it.each([
    [
      'create schema fk_guard; create table fk_guard.run (note text)',
      78,
      /table run that is not the guard's/,
    ],
    [
      'create schema fk_guard; create table fk_guard.run (id uuid, resumes uuid, figures jsonb)',
      1,
      /lacks parts of the guard's ledger/,
    ],
  ])('%s: one clear line and no stack', async (ddl, code, words) => {
    await database.query(ddl);
    const told = await fkGuard([...old, '--yes', '--accept-data-loss']);
    expect(told).toMatchObject({ code, out: '' });
    expect(told.err).toMatch(words);
    expect(told.err).not.toMatch(/\n\s+at /);
  });
});

describe('status', () => {
  it('says that nothing was done where there is no ledger', async () => {
    const told = await fkGuard(['status']);
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toMatch(
      /^No run yet: there is no schema "fk_guard", so the guard has changed nothing\nhere\.\n.* \(PostgreSQL .*\)\n\nEvery foreign key is validated\.\n$/,
    );
  });

  it('tells runs, keys and copies', async () => {
    const runId = await repaired();
    await database.query('insert into users values (51)');
    await fkGuard(['restore', runId]);
    await database.query(`update fk_guard.run set status = 'interrupted', figures = '{}';
      alter table checkouts add constraint fence foreign key (id) references checkouts not valid`);
    const told = await fkGuard(['status']);
    expect(told).toMatchObject({ code: 0, err: '' });
    const [, ...blocks] = told.out.split('\n\n');
    expect(blocks.slice(0, 2)).toEqual([
      [
        `${runId}  interrupted`,
        '  2019-11-17 00:00 UTC',
        '  3 rows deleted',
        '  3 rows quarantined, cascades included: 2 open and 1 put back',
        `  to put them back: fk-guard restore ${runId}`,
        '  It stopped part way; what is done stays done. To go on: fk-guard apply. What',
        '  it has taken counts for the limits.',
      ].join('\n'),
      '1 foreign key not validated yet:\n  fence, NOT VALID, of no relation in the models\n    public.checkouts (id) -> public.checkouts (id)',
    ]);
    expect(blocks[2]).toMatch(
      /^The quarantine holds 3 rows \(2 open\), \d+ kB on disk:\n {2}public\.checkouts: 3 rows, 2 open, 1 put back, \d+ bytes, the oldest [\d,]+ days\n {2}old\n$/,
    );
    const document = JSON.parse((await fkGuard(['status', '--format', 'json'])).out) as Record<
      string,
      unknown
    >;
    expect(document).toMatchObject({
      command: 'status',
      database: { name: database.name },
      summary: { ledger: 'ready', runs: 1, unfinished: 1, notValid: 1, copies: 3, open: 2 },
      runs: [
        {
          runId,
          status: 'interrupted',
          goesOn: true,
          open: 2,
          restored: 1,
          restore: `fk-guard restore ${runId}`,
        },
      ],
      notValid: [{ constraint: 'fence' }],
      quarantine: { tables: [{ table: 'public.checkouts', rows: 3 }] },
      errors: [],
    });
  });

  it.each([
    ['create table fk_guard.run (note text)', "table run that is not the guard's"],
    ['create table fk_guard.run (id uuid, resumes uuid, figures jsonb)', "lacks parts of the guard's ledger"],
  ])('%s: says so, tells the keys all the same, and is no success', async (ddl, words) => {
    await database.query(`create schema fk_guard; ${ddl}`);
    const told = await fkGuard(['status']);
    expect(told).toMatchObject({ code: 1, err: '' });
    expect(told.out).toMatch(/^The ledger cannot be read\.\n/);
    expect(told.out.replace(/\s+/g, ' ')).toContain(words);
    expect(told.out).toContain('Every foreign key is validated.');
    expect(JSON.parse((await fkGuard(['status', '--format', 'json'])).out)).toMatchObject({
      errors: [{ message: expect.stringContaining(words) as string }],
    });
  });

  it('as a role that may not read it', async () => {
    await repaired();
    const role = await database.createRole();
    const told = await fkGuard(['status', '--url', role.url]);
    expect(told).toMatchObject({ code: 1, err: '' });
    expect(told.out).toContain('lacks: USAGE on the');
    expect(told.out).not.toMatch(/\n\s+at /);
  });
});
