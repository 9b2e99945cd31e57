import { cascade, guardAt, rowsOf } from '../quarantine/setup';
import { naively } from './naive';
import { ownDatabase } from './setting';

const own = ownDatabase(
  'types',
  `create collation no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
);

/** A script that holds the keys in a set compares them as text. */
const AS_TEXT = 'delete from child where parent_id::text collate "C" not in (select id::text from parent)';

interface Keys {
  readonly type: string;
  readonly childType?: string;
  readonly parents: string;
  /** The last one has no parent. */
  readonly children: string;
  readonly naive: number;
  readonly good: readonly string[];
}

const TYPES: readonly Keys[] = [
  {
    type: 'numeric',
    parents: `(1), (2.50), ('NaN')`,
    children: `(1.0), (2.5), ('NaN'), (3)`,
    naive: 3,
    good: ['(1.0)', '(2.5)', '(NaN)'],
  },
  {
    type: 'numeric',
    childType: 'integer',
    parents: '(1.00), (2.0)',
    children: '(1), (2), (3)',
    naive: 3,
    good: ['(1)', '(2)'],
  },
  {
    type: 'double precision',
    parents: `(0), ('NaN'), (1e2)`,
    children: `('-0'), ('NaN'), (100), (3)`,
    naive: 2,
    good: ['(-0)', '(100)', '(NaN)'],
  },
  {
    type: 'character(4)',
    childType: 'character varying(9)',
    parents: `('a'), ('b')`,
    children: `('a'), ('b   '), ('c')`,
    naive: 2,
    good: ['("b   ")', '(a)'],
  },
  {
    type: 'interval',
    parents: `('1 day'), ('1 mon')`,
    children: `('24:00'), ('30 days'), ('1 min')`,
    naive: 3,
    good: ['("30 days")', '(24:00:00)'],
  },
  {
    type: 'date',
    childType: 'timestamp',
    parents: `('2020-01-01')`,
    children: `('2020-01-01 00:00'), ('2020-01-02')`,
    naive: 2,
    good: ['("2020-01-01 00:00:00")'],
  },
  {
    type: 'text collate no_case',
    parents: `('Ada')`,
    children: `('ADA'), ('ada'), ('eve')`,
    naive: 3,
    good: ['(ADA)', '(ada)'],
  },
  {
    type: 'inet',
    parents: `('10.0.0.1')`,
    children: `('10.0.0.1/32'), ('10.0.0.2')`,
    naive: 1,
    good: ['(10.0.0.1)'],
  },
];

test.each(TYPES)(
  '$type, $childType: keys that are equal are not two because they are written in two ways',
  async (keys) => {
    const { database } = own;
    await database.query(`
    create table parent (id ${keys.type} primary key); insert into parent values ${keys.parents};
    create table child (parent_id ${keys.childType ?? keys.type}); insert into child values ${keys.children}`);
    expect(await naively(database.url, AS_TEXT)).toBe(keys.naive);
    const guard = guardAt(database.url, [cascade('public.child(parent_id)', 'public.parent(id)')]);
    expect(await guard.apply()).toMatchObject({ status: 'repaired', rowsDeleted: 1 });
    expect(await rowsOf(database, 'child')).toEqual(keys.good);
  },
);

test('a key that is null in the list of parents hides every orphan from NOT IN, and none from the guard', async () => {
  const { database } = own;
  await database.query(`
    create table parent (id integer unique); insert into parent values (1), (null);
    create table child (parent_id integer); insert into child values (1), (2), (null)`);
  expect(
    await naively(database.url, 'delete from child where parent_id not in (select id from parent)'),
  ).toBe(0);
  const guard = guardAt(database.url, [cascade('public.child(parent_id)', 'public.parent(id)')]);
  expect(await guard.apply()).toMatchObject({ status: 'repaired', rowsDeleted: 1 });
  expect(await rowsOf(database, 'child')).toEqual(['()', '(1)']);
});
