import { full } from '../extent';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { guardAt, rowsOf } from '../quarantine/setup';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('casts');
});
afterEach(() => database.drop());

/** What becomes of each value; null for those that have no place in the new type. */
type Values = Readonly<Record<string, string | null>>;

const MOST = '9'.repeat(19);
const cases: readonly [from: string, to: string, values: Values][] = [
  [
    'text',
    'integer',
    {
      '0': '0',
      '7': '7',
      '007': '7',
      '+7': '7',
      '-7': '-7',
      '2147483647': '2147483647',
      '-2147483648': '-2147483648',
      '2147483648': null,
      '-2147483649': null,
      '': null,
      ' 7': null,
      '7 ': null,
      '7\n': null,
      '7.0': null,
      '7e0': null,
      '0x7': null,
      '1_0': null,
      '٧': null,
      seven: null,
      [MOST]: null,
    },
  ],
  ['text', 'smallint', { '32767': '32767', '-32768': '-32768', '32768': null, '-32769': null }],
  [
    'character varying(40)',
    'bigint',
    { '9223372036854775807': '9223372036854775807', '9223372036854775808': null },
  ],
  ['character(5)', 'integer', { '7    ': '7', '12345': '12345', 'ab   ': null }],
  [
    'text',
    'numeric(4,1)',
    {
      '1': '1.0',
      '1.5': '1.5',
      '999.9': '999.9',
      '1000': null,
      '1.55': null,
      '1.50': '1.5',
      NaN: null,
      '.5': null,
    },
  ],
  ['text', 'numeric', { '1.50': '1.50', [`${MOST}${MOST}`]: `${MOST}${MOST}`, Infinity: null, '1e5': null }],
  [
    'text',
    'uuid',
    {
      '6a1f7b0c-0000-4000-8000-00000000000a': '6a1f7b0c-0000-4000-8000-00000000000a',
      '6A1F7B0C00004000800000000000000A': '6a1f7b0c-0000-4000-8000-00000000000a',
      '{6a1f7b0c-0000-4000-8000-00000000000a}': null,
      '6a1f7b0c-0000-4000-8000-00000000000': null,
      '6a1f7b0c-0000-4000-8000-00000000000g': null,
      '': null,
    },
  ],
  ['integer', 'character varying(2)', { '12': '12', '-1': '-1', '123': null }],
  ['numeric', 'integer', { '7': '7', '7.00': '7', '7.5': null, '2147483648': null, NaN: null }],
  ['uuid', 'text', { '6a1f7b0c-0000-4000-8000-00000000000a': '6a1f7b0c-0000-4000-8000-00000000000a' }],
  ['uuid', 'character varying(35)', { '6a1f7b0c-0000-4000-8000-00000000000a': null }],
  ['bigint', 'uuid', { '1': null }],
];

/** Every value of the table is a row of the child; every value that should come out is a parent. */
async function build(from: string, to: string, values: Values): Promise<void> {
  await database.query(`
    create table parent (id ${to} primary key);
    create table child (id serial primary key, old text, parent_id ${from});
    create index on child (parent_id)`);
  for (const [old, expected] of Object.entries(values)) {
    await database.query(`insert into child (old, parent_id) values ($1, $1::text::${from})`, [old]);
    if (expected !== null)
      await database.query(`insert into parent values ($1::text::${to}) on conflict do nothing`, [expected]);
  }
  await database.query(`insert into child (old) values (null)`);
}

const key = (to: string) =>
  ({ child: 'public.child(parent_id)', parent: 'public.parent(id)', type: to }) as const;
const DISPOSABLE = {
  relations: { 'public.child.parent_id': { disposable: true } },
  limits: { rows: 100, fraction: 1 },
} as const;

describe.each([
  ['in place', 1],
  ['by a second column', 0],
])('%s', (_, more) => {
  // The sample: each pair of types in one of the two ways, in turn.
  test.each(cases.filter((_pair, i) => full || i % 2 === more))(
    '%s to %s: each value as it should be, or out of the way',
    async (from, to, values) => {
      await build(from, to, values);
      const guard = guardAt(database.url, [key(to)], {
        ...DISPOSABLE,
        limits: { ...DISPOSABLE.limits, rewriteRows: Object.keys(values).length + more },
      });
      const castable = Object.entries(values).filter(([, expected]) => expected !== null);
      const { findings } = await guard.check();
      expect(findings.find(({ kind }) => kind === 'type-mismatch')?.rows ?? 0).toBe(
        Object.keys(values).length - castable.length,
      );
      expect(await guard.apply()).toMatchObject({ status: 'repaired', remaining: [] });
      const converted = await database.query<{ old: string | null; value: string | null }>(
        "select old, format('%s', parent_id) as value from child where old is not null order by id",
      );
      expect(Object.fromEntries(converted.map(({ old, value }) => [old, value]))).toEqual(
        Object.fromEntries(castable),
      );
      expect(await rowsOf(database, '(select count(*) from child where parent_id is null)')).toEqual(['(1)']);
    },
  );
});

test('the collation, the comment and the privileges of a column are there after a swap, and nothing else is left', async () => {
  const role = await database.createRole();
  await database.query(`
    create table parent (id text collate "C" primary key);
    create table child (id int primary key, parent_id int);
    create index child_by_parent on child (parent_id);
    insert into parent values ('1');
    insert into child values (1, 1);
    comment on column child.parent_id is 'it''s a "comment"';
    grant select (parent_id), update (parent_id) on child to "${role.name}" with grant option`);
  const guard = guardAt(database.url, [key('text')], { limits: { rewriteRows: 0 } });
  expect(await guard.apply()).toMatchObject({ status: 'repaired', remaining: [] });
  expect(
    await database.query(`
      select a.attname as name, a.atttypid::regtype::text as type, c.collname as collation, col_description(a.attrelid, a.attnum) as comment,
             array(select privilege_type || ' ' || is_grantable from aclexplode(a.attacl) where pg_get_userbyid(grantee) = '${role.name}' order by 1) as granted
        from pg_attribute a left join pg_collation c on c.oid = a.attcollation
       where a.attrelid = 'child'::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`),
  ).toEqual([
    { name: 'id', type: 'integer', collation: null, comment: null, granted: [] },
    {
      name: 'parent_id',
      type: 'text',
      collation: 'C',
      comment: `it's a "comment"`,
      granted: ['SELECT true', 'UPDATE true'],
    },
  ]);
  expect(
    await database.query(`
      select array(select proname::text from pg_proc where pronamespace = 'fk_guard'::regnamespace) as functions,
             (select count(*)::int from pg_trigger where not tgisinternal and tgrelid = 'child'::regclass) as triggers,
             array(select indexrelid::regclass::text from pg_index where indrelid = 'child'::regclass order by 1) as indexes,
             array(select conname::text from pg_constraint where conrelid = 'child'::regclass and contype <> 'n' order by 1) as constraints,
             to_regclass('fk_guard.orphan_list') as list`),
  ).toEqual([
    {
      // The one that keeps the runs of copies.
      functions: ['fk_guard_restrict_run'],
      triggers: 0,
      indexes: ['child_by_parent', 'child_pkey'],
      constraints: ['child_parent_id_fkey', 'child_pkey'],
      list: null,
    },
  ]);
});
