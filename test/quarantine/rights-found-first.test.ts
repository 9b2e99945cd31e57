import type { FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { cascade, guardAt, type Key } from './setup';

let database: TestDatabase;
let role: { readonly name: string; readonly url: string };

/** The role owns what its keys are added to; the parent, and what is below `low`, belong to somebody else. */
beforeEach(async () => {
  database = await createDatabase('rights_first');
  role = await database.createRole();
  await database.query(
    as(`
    create table parent (id serial primary key, name text);
    create table child (id integer primary key, parent_id integer);
    create table low (id integer primary key, child_id integer);
    create table lowest (low_id integer references low on delete cascade);
    insert into parent (name) select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 104) i;
    insert into low select i, i from generate_series(1, 104) i;
    insert into lowest select i from generate_series(1, 104) i;
    create index on lowest (low_id);
    alter table child owner to ROLE; alter table low owner to ROLE;
    grant select, references, update, insert on parent to ROLE;
    grant usage on sequence parent_id_seq to ROLE;
    grant select, update on lowest to ROLE;
    grant create on schema public to ROLE; grant create on database "${database.name}" to ROLE`),
  );
});
afterEach(() => database.drop());

const as = (statement: string): string => statement.replaceAll('ROLE', `"${role.name}"`);
const ORPHANS = cascade('public.child(parent_id)', 'public.parent(id)');
const BELOW = cascade('public.low(child_id)', 'public.child(id)');
const CREATE: FkGuardOptions = {
  relations: { 'public.child.parent_id': { createParent: ({ id }) => ({ name: `no. ${id}` }) } },
};

/** Nothing but a statement about rights may stand between a refusal and a repair. */
async function expectTold(
  { keys, options }: { readonly keys: readonly Key[]; readonly options?: FkGuardOptions },
  lacks: string,
  mend: string,
): Promise<void> {
  const before = await dump(database);
  const guard = guardAt(role.url, [...keys], options);
  const told: string[] = [];
  let atFirstStep: readonly string[] | undefined;
  guard.on('warning', ({ message }) => told.push(message));
  guard.on('step', () => (atFirstStep ??= [...told]));
  const result = await guard.apply().catch((error: unknown) => error);
  const list =
    result instanceof Error ? [`${result.message} ${Reflect.get(result, 'advice')}`] : (atFirstStep ?? []);
  expect(list.join('\n')).toContain(`lacks: ${lacks}`);
  expect(list.join('\n')).toContain(as(mend));
  if (result instanceof Error) expect(await dump(database)).toBe(before);
  await database.query(as(mend));
  expect(await guardAt(role.url, [...keys], options).apply()).toMatchObject({ status: 'repaired' });
}

test('what a key leads to that the same plan adds is found as well', async () => {
  await database.query(as('revoke select, update on lowest from ROLE'));
  await expectTold(
    { keys: [ORPHANS, BELOW] },
    'SELECT on public.lowest; UPDATE on public.lowest',
    'grant select on "public"."lowest" to ROLE; grant update on "public"."lowest" to ROLE',
  );
  expect(await database.query('select count(*)::int as rows from lowest')).toEqual([{ rows: 100 }]);
});

test.each([
  ['INSERT on public.parent', 'insert on parent', 'grant insert on "public"."parent" to ROLE'],
  [
    'USAGE on the sequence public.parent_id_seq',
    'usage on sequence parent_id_seq',
    'grant usage on sequence "public"."parent_id_seq" to ROLE',
  ],
])('%s, which making parents takes', async (lacks, right, mend) => {
  await database.query(as(`revoke ${right} from ROLE`));
  await expectTold({ keys: [ORPHANS], options: CREATE }, lacks, mend);
  expect(await database.query(`select name from parent where id > 103`)).toEqual([{ name: 'no. 104' }]);
});

test.each(['run', 'step', 'quarantine'])(
  'row security on the table %s of the ledger is no surprise in the middle',
  async (table) => {
    expect(await guardAt(role.url, [BELOW]).apply()).toMatchObject({ status: 'repaired' });
    await database.query(
      `alter table fk_guard.${table} enable row level security; alter table fk_guard.${table} force row level security`,
    );
    await expectTold(
      { keys: [ORPHANS] },
      `sight of all rows of fk_guard.${table} (row security)`,
      `alter table "fk_guard"."${table}" disable row level security`,
    );
  },
);
