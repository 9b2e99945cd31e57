import type { Impact } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../../postgres/database';
import { dump } from '../../postgres/dump';
import { since } from '../../postgres/version';
import { connect, containing, guardAt } from '../../quarantine/setup';
import { realDeletes } from './real-delete';
import { promised } from './held-against-real';

let database: TestDatabase;
beforeEach(async () => void (database = await createDatabase('impact')));
afterEach(() => database.drop());

const guard = (url = database.url) => guardAt(url, [{ child: 'public.child(p)', parent: 'public.p(id)' }]);
const impactOf = (table: string, key: unknown): Promise<Impact> => guard().impact(table, key);

/** One situation: what is made, which row goes, and what has to be said. `refused` is the real delete's SQLSTATE. */
interface Situation {
  readonly tables: string;
  readonly row?: readonly [table: string, key: unknown, condition: string];
  readonly verdict: Impact['verdict'];
  /** `table deleted changed`. */
  readonly counts: readonly string[];
  readonly blocks?: readonly string[];
  readonly refused?: readonly string[];
}

const P = 'create table p (id int primary key); insert into p values (1), (2);';

const CASES: readonly (readonly [title: string, situation: Situation])[] = [
  [
    'two levels of CASCADE and a SET NULL',
    {
      tables: `${P} create table child (id int primary key, p int references p on delete cascade);
        create table low (id int primary key, child int references child on delete cascade);
        create table note (id int primary key, child int references child on delete set null);
        insert into child select i, 1 from generate_series(1, 3) i; insert into child values (9, 2);
        insert into low select i, 1 + i % 3 from generate_series(1, 7) i; insert into note values (1, 1), (2, 9)`,
      verdict: 'deletes',
      counts: ['public.child 3 0', 'public.low 7 0', 'public.note 0 1', 'public.p 1 0'],
    },
  ],
  [
    'a row that two ways lead to goes once',
    {
      tables: `${P} create table a (id int primary key, p int references p on delete cascade);
        create table b (id int primary key, p int references p on delete cascade, a int references a on delete cascade);
        insert into a values (1, 1); insert into b values (1, 1, 1), (2, null, 1), (3, 1, null)`,
      verdict: 'deletes',
      counts: ['public.a 1 0', 'public.b 3 0', 'public.p 1 0'],
    },
  ],
  [
    'a row that one key nulls and another takes is deleted',
    {
      tables: `${P} create table a (id int primary key, p int references p on delete cascade);
        create table b (id int primary key, p int references p on delete set null, a int references a on delete cascade);
        insert into a values (1, 1); insert into b values (1, 1, 1), (2, 1, null)`,
      verdict: 'deletes',
      counts: ['public.a 1 0', 'public.b 1 1', 'public.p 1 0'],
    },
  ],
  [
    'a circle, and a row that refers to itself',
    {
      tables: `create table p (id int primary key, up int references p on delete cascade);
        insert into p values (1, null), (2, 1), (3, 2), (4, 4), (5, null); update p set up = 3 where id = 1`,
      verdict: 'deletes',
      counts: ['public.p 3 0'],
    },
  ],
  [
    'NO ACTION over a row that an earlier trigger has taken',
    {
      tables: `${P} create table b (id int primary key, p int references p on delete cascade, q int references p);
        insert into b values (1, 1, 1)`,
      verdict: 'deletes',
      counts: ['public.b 1 0', 'public.p 1 0'],
    },
  ],
  [
    'NO ACTION over a row that goes only in a later round',
    {
      tables: `${P} create table a (id int primary key, p int references p on delete cascade);
        create table b (id int primary key, p int references p, a int references a on delete cascade);
        insert into a values (1, 1); insert into b values (1, 1, 1)`,
      verdict: 'blocked',
      counts: ['public.a 1 0', 'public.b 1 0', 'public.p 1 0'],
      blocks: ['b_p_fkey NO ACTION 1'],
      refused: ['23503'],
    },
  ],
  [
    'the same, deferred: at COMMIT the row is gone',
    {
      tables: `${P} create table a (id int primary key, p int references p on delete cascade);
        create table b (id int primary key, p int references p deferrable initially deferred, a int references a on delete cascade);
        insert into a values (1, 1); insert into b values (1, 1, 1)`,
      verdict: 'deletes',
      counts: ['public.a 1 0', 'public.b 1 0', 'public.p 1 0'],
    },
  ],
  [
    'a deferred key refuses at COMMIT',
    {
      tables: `${P} create table b (id int primary key, p int references p deferrable initially deferred);
        insert into b values (1, 1), (2, 1), (3, 2)`,
      verdict: 'blocked',
      counts: ['public.p 1 0'],
      blocks: ['b_p_fkey NO ACTION 2 at COMMIT'],
      refused: ['23503'],
    },
  ],
  [
    'RESTRICT two levels down',
    {
      tables: `${P} create table a (id int primary key, p int references p on delete cascade);
        create table b (id int primary key, a int references a on delete restrict);
        insert into a values (1, 1); insert into b values (1, 1)`,
      verdict: 'blocked',
      counts: ['public.a 1 0', 'public.p 1 0'],
      blocks: ['b_a_fkey RESTRICT 1'],
      refused: ['23503', '23001'],
    },
  ],
  [
    'SET NULL on a column that may not be null',
    {
      tables: `${P} create table b (id int primary key, p int not null references p on delete set null);
        insert into b values (1, 1), (2, 2)`,
      verdict: 'blocked',
      counts: ['public.p 1 0'],
      blocks: ['b_p_fkey SET NULL 1'],
      refused: ['23502'],
    },
  ],
  [
    'SET DEFAULT without a default',
    {
      tables: `${P} create table b (id int primary key, p int references p on delete set default);
        insert into b values (1, 1)`,
      verdict: 'deletes',
      counts: ['public.b 0 1', 'public.p 1 0'],
    },
  ],
  [
    'a SET NULL takes away what a CASCADE would have found the row by',
    {
      tables: `create table p (id int primary key, t int, unique (t, id)); insert into p values (1, 1), (2, 1);
        create table a (id int primary key, t int, p int references p on delete cascade, unique (t, id));
        create table b (id int primary key, t int, p int, a int, foreign key (t, a) references a (t, id) on delete cascade,
          foreign key (t, p) references p (t, id) on delete set null);
        insert into a values (1, 1, 1); insert into b values (1, 1, 1, 1), (2, 1, null, 1)`,
      verdict: 'deletes',
      counts: ['public.a 1 0', 'public.b 1 1', 'public.p 1 0'],
    },
  ],
  [
    'a composite key',
    {
      tables: `create table p (a int, b text, primary key (a, b)); insert into p values (1, 'x'), (1, 'y');
        create table b (id int primary key, pa int, pb text, foreign key (pb, pa) references p (b, a) on delete cascade);
        insert into b values (1, 1, 'x'), (2, 1, 'y'), (3, 1, null)`,
      row: ['p', { a: 1, b: 'x' }, `a = 1 and b = 'x'`],
      verdict: 'deletes',
      counts: ['public.b 1 0', 'public.p 1 0'],
    },
  ],
  [
    'partitions at both ends, and a key NOT VALID',
    {
      tables: `create table p (id int primary key) partition by range (id);
        create table p1 partition of p for values from (0) to (10); create table p2 partition of p for values from (10) to (20);
        insert into p values (1), (11);
        create table b (id int, p int, primary key (id, p)) partition by list (p);
        create table b1 partition of b for values in (1); create table b2 partition of b for values in (11);
        alter table b add foreign key (p) references p on delete cascade;
        create table c (id int primary key, b int, p int);
        insert into b values (1, 1), (2, 1), (1, 11); insert into c values (1, 1, 1), (2, 2, 1), (3, 1, 11);
        alter table c add foreign key (b, p) references b on delete set null`,
      row: ['p', 1, 'id = 1'],
      verdict: 'deletes',
      counts: ['public.b 2 0', 'public.c 0 2', 'public.p 1 0'],
    },
  ],
  [
    'a key NOT VALID acts all the same',
    {
      tables: `${P} create table b (id int primary key, p int); insert into b values (1, 1), (2, 77);
        alter table b add foreign key (p) references p on delete cascade not valid`,
      verdict: 'deletes',
      counts: ['public.b 1 0', 'public.p 1 0'],
    },
  ],
  [
    'tables that inherit: the delete finds their rows, a key does not',
    {
      tables: `${P} create table q () inherits (p); insert into q values (1);
        create table b (id int primary key, p int references p on delete cascade); create table c () inherits (b);
        insert into b values (1, 1); insert into c values (2, 1)`,
      verdict: 'deletes',
      counts: ['public.b 1 0', 'public.p 1 0', 'public.q 1 0'],
    },
  ],
  ...since<readonly [string, Situation]>(15, [
    'SET NULL of some columns',
    {
      tables: `create table p (t int, id int, primary key (t, id)); insert into p values (1, 1);
        create table b (id int primary key, t int not null, p int, foreign key (t, p) references p on delete set null (p));
        insert into b values (1, 1, 1)`,
      row: ['p', { t: 1, id: 1 }, 't = 1 and id = 1'],
      verdict: 'deletes',
      counts: ['public.b 0 1', 'public.p 1 0'],
    },
  ]),
  ...since<readonly [string, Situation]>(18, [
    'a key that is NOT ENFORCED does nothing',
    {
      tables: `${P} create table b (id int primary key, p int references p on delete cascade not enforced);
        insert into b values (1, 1)`,
      verdict: 'deletes',
      counts: ['public.p 1 0'],
    },
  ]),
];

test.each(CASES)('%s', async (_title, { tables, row, verdict, counts, blocks = [], refused }) => {
  await database.query(tables);
  const [table, key, condition] = row ?? ['p', 1, 'id = 1'];
  const impact = await impactOf(table, key);
  const words = impact.blocks.map(
    ({ constraint, because, rows, atCommit }) =>
      `${constraint} ${because} ${rows}${atCommit ? ' at COMMIT' : ''}`,
  );
  expect({ verdict: impact.verdict, counts: promised(impact), blocks: words, doubts: impact.doubts }).toEqual(
    {
      verdict,
      counts,
      blocks,
      doubts: [],
    },
  );
  const real = await realDeletes(database.url);
  const done = await real.remove(`delete from ${table} where ${condition}`);
  await real.close();
  // RESTRICT has an SQLSTATE of its own since 18.
  expect({ ...done, error: refused?.includes(done.error ?? '') ? refused : done.error }).toEqual({
    error: refused,
    tables: refused ? [] : counts,
  });
});

describe('what cannot be told is said', () => {
  test('triggers and rules of the application on the way, and no others', async () => {
    await database.query(`${P} create table child (id int primary key, p int references p on delete cascade);
      create table other (id int primary key, p int references p on delete cascade);
      insert into child values (1, 1);
      create function keep() returns trigger language plpgsql as 'begin return null; end';
      create trigger keeps before delete on child for each row execute function keep();
      create trigger unused before delete on other for each row execute function keep();
      create trigger always after delete on other for each statement execute function keep();
      create rule ruled as on delete to other do also nothing`);
    const { verdict, doubts } = await impactOf('p', 1);
    expect(verdict).toBe('unknown');
    expect(doubts.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'trigger: The trigger keeps of public.child fires; what it does is not predictable.',
      'trigger: The trigger always of public.other fires; what it does is not predictable.',
      'rule: The rule ruled of public.other may rewrite the statement; what comes of it is not predictable.',
    ]);
  });

  test('rows that the role may not see are not counted as none', async () => {
    await database.query(`${P} create table child (id int primary key, p int references p on delete cascade);
      create table shy (id int primary key, p int references p on delete cascade);
      alter table shy enable row level security; insert into child values (1, 1); insert into shy values (1, 1)`);
    const role = await database.createRole();
    await database.query(`grant select on p, shy to "${role.name}"`);
    const { verdict, doubts, rowsDeleted } = await guard(role.url).impact('p', 1);
    expect({ verdict, rowsDeleted }).toEqual({ verdict: 'unknown', rowsDeleted: 1 });
    expect(doubts.map(({ kind, table }) => `${kind} ${table}`)).toEqual([
      'unreadable public.child',
      'unreadable public.shy',
    ]);
    await expect(guard(role.url).impact('child', 1)).rejects.toMatchObject({ code: 'PRIVILEGE' });
  });

  test('a CHECK, a key onto what changes, a partition that a row would leave', async () => {
    await database.query(`${P} create table child (id int primary key, p int unique references p on delete set null,
        check (p is not null or id > 5));
      create table low (p int references child (p)); insert into child values (1, 1)`);
    const { verdict, doubts } = await impactOf('p', 1);
    expect(verdict).toBe('unknown');
    expect(doubts.map(({ kind }) => kind)).toEqual(['check', 'key']);
  });

  test('two parents that go in one round, and only one order of them works', async () => {
    await database.query(`${P} create table a (id int primary key, p int references p on delete cascade);
      create table b (id int primary key, x int references a on delete cascade, y int references a);
      insert into a values (1, 1), (2, 1); insert into b values (1, 1, 2)`);
    const { verdict, doubts } = await impactOf('p', 1);
    expect({ verdict, kinds: doubts.map(({ kind }) => kind) }).toEqual({
      verdict: 'unknown',
      kinds: ['order'],
    });
  });

  test('keys that are switched off, here or in the session', async () => {
    await database.query(`${P} create table child (id int primary key, p int references p on delete cascade);
      insert into child values (1, 1); alter table p disable trigger all`);
    const off = await impactOf('p', 1);
    expect(off).toMatchObject({ rowsDeleted: 1, warnings: [containing('has a trigger that is off')] });
    await database.query(`alter table p enable trigger all;
      alter database "${database.name}" set session_replication_role = replica`);
    expect((await impactOf('p', 1)).warnings).toContain(
      'session_replication_role is replica: no foreign key acts in this session.',
    );
  });
});

test('a key without an index is told', async () => {
  await database.query(`${P} create table child (id int primary key, p int references p on delete cascade)`);
  expect((await impactOf('p', 1)).warnings).toEqual([
    'child_p_fkey has no index on public.child (p): the delete reads the whole table for each row that goes.',
  ]);
  await database.query('create index on child (p)');
  expect((await impactOf('p', 1)).warnings).toEqual([]);
});

test('it neither waits for rows that somebody holds nor holds any', async () => {
  await database.query(`${P} create table child (id int primary key, p int references p on delete cascade)`);
  const before = await dump(database);
  const writer = await connect(database.url);
  await writer.query('begin; delete from p where id = 1');
  expect(await impactOf('p', 1)).toMatchObject({ found: true, rowsDeleted: 1 });
  await writer.query('rollback');
  await writer.end();
  expect(await dump(database)).toBe(before);
});
