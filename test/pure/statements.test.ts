import type { Change } from '../../src/changes/change';
import { statementsOf, type Statement } from '../../src/changes/statement';
import { undoStatementsOf } from '../../src/changes/undo-statement';
import { withoutKey } from '../problems/partitions/without-key';
import { changes, children, dropped, key, people, users } from './changes';

/** `mode on table` of what a statement says that it locks. */
const locks = ({ locks: taken }: Statement): readonly string[] =>
  taken.map(({ table, mode }) => `${mode} on ${table.schema}.${table.name}`);

const brief = (statements: readonly Statement[]) =>
  statements.map((statement) => [statement.sql, ...locks(statement)]);

describe('what takes no transaction (25001)', () => {
  const alone = ['drop-index', 'create-index', 'create-unique-index', 'create-shadow-index'] as const;

  it('is the building and dropping of indexes beside writers, and nothing else', () => {
    const found = Object.values(changes).filter((change) =>
      statementsOf(change).some(({ transactional }) => !transactional),
    );
    expect(found.map(({ op }) => op)).toEqual(alone);
    for (const op of alone)
      for (const { sql } of statementsOf(changes[op])) expect(sql).toContain(' concurrently ');
  });

  it('what needs CREATE on the schema is the making of indexes, and nothing else', () => {
    const found = Object.values(changes).filter((change) =>
      statementsOf(change).some(({ creates }) => creates),
    );
    expect(found.map(({ op }) => op)).toEqual([
      'create-index',
      'create-unique-index',
      'create-partitioned-index',
      'create-shadow-index',
    ]);
  });

  it.each(['create-index', 'create-unique-index', 'create-shadow-index'] as const)(
    '%s clears away what a failed try leaves, so that the next one can have the name',
    (op) => {
      const [{ afterFailure } = {}] = statementsOf(changes[op]);
      const name = {
        'create-index': 'by_user',
        'create-unique-index': 'unique_ab',
        'create-shadow-index': 'by_user_fk_guard',
      }[op];
      expect(afterFailure).toMatchObject({
        sql: `drop index concurrently if exists "app"."${name}"`,
        transactional: false,
      });
    },
  );

  it('drops no index that has become valid meanwhile', () => {
    const [{ onlyIf } = {}] = statementsOf(changes['drop-index']);
    expect(onlyIf).toMatch(
      /not exists .*where i\.indisvalid and n\.nspname = 'app' and c\.relname = 'left_over'/s,
    );
  });
});

describe('the steps that no plan of a real database shows with all their statements', () => {
  it('a clean-up and a fill have none: their SQL depends on the rows', () => {
    for (const op of ['clean-orphans', 'clean-uncastable', 'fill-shadow-column'] as const)
      expect(statementsOf(changes[op])).toEqual([]);
  });

  it('a partition’s index is attached to the whole’s without a lock that anybody waits for', () => {
    expect(brief(statementsOf(changes['attach-index']))).toEqual([
      ['alter index "app"."whole_ab" attach partition "app"."part_ab"'],
    ]);
  });

  it('the index of the whole keeps writers out for the instant in which no partition is looked at', () => {
    expect(brief(statementsOf(changes['create-partitioned-index']))).toEqual([
      ['create unique index "whole_ab" on only "app"."Checkouts" ("a", "b")', 'SHARE on app.Checkouts'],
    ]);
  });

  it('a primary key takes the check along that has proved it', () => {
    const add =
      'alter table "app"."Checkouts" add constraint "Checkouts_pkey" primary key using index "unique_ab"';
    expect(brief(statementsOf(changes['add-primary-key']))).toEqual([
      [add, 'ACCESS EXCLUSIVE on app.Checkouts'],
    ]);
    expect(brief(statementsOf({ ...changes['add-primary-key'], check: 'not_null' }))).toEqual([
      [add, 'ACCESS EXCLUSIVE on app.Checkouts'],
      ['alter table "app"."Checkouts" drop constraint "not_null"', 'ACCESS EXCLUSIVE on app.Checkouts'],
    ]);
  });

  it('a fence locks the parent before the child, as an application does', () => {
    expect(brief(statementsOf(changes['add-foreign-key']))).toEqual([
      ['lock table "app"."Users" in share row exclusive mode', 'SHARE ROW EXCLUSIVE on app.Users'],
      [
        'alter table "app"."Checkouts" add constraint "Checkouts_userId_fkey" foreign key ("userId") references "app"."Users" ("id") on delete cascade on update no action not valid',
        'SHARE ROW EXCLUSIVE on app.Checkouts',
      ],
    ]);
  });

  it('a fence that adopts keys of partitions takes the locks that it is told', () => {
    const modes = { parent: 'ACCESS EXCLUSIVE', child: 'ACCESS EXCLUSIVE' } as const;
    expect(statementsOf({ ...changes['add-foreign-key'], modes }).flatMap(locks)).toEqual([
      'ACCESS EXCLUSIVE on app.Users',
      'ACCESS EXCLUSIVE on app.Checkouts',
    ]);
  });

  it('a swap locks each parent once, the old ones too', () => {
    const drop = [dropped('a'), dropped('b'), dropped('c', users)];
    const [lock, swap] = statementsOf({ op: 'swap-foreign-key', key, drop });
    expect(lock?.sql).toBe('lock table "app"."people", "app"."Users" in access exclusive mode');
    expect(swap?.sql).toContain(
      'drop constraint "a", drop constraint "b", drop constraint "c", add constraint',
    );
  });

  it('an adoption first looks for partitions that have come meanwhile, under the locks', () => {
    const statements = statementsOf({ ...changes['adopt-foreign-key'], drop: [dropped('old')] });
    const both = { ...key, childColumns: ['a', 'b'], parentColumns: ['c', 'd'] };
    expect(brief(statements)).toEqual([
      [
        'lock table "app"."people", "app"."Users" in access exclusive mode',
        'ACCESS EXCLUSIVE on app.people',
        'ACCESS EXCLUSIVE on app.Users',
      ],
      ['lock table "app"."Checkouts" in share row exclusive mode', 'SHARE ROW EXCLUSIVE on app.Checkouts'],
      [withoutKey('"app"."Checkouts"', '"app"."Users"', 'c', "'userId'", "'id'")],
      [
        'alter table "app"."Checkouts" drop constraint "old", add constraint "Checkouts_userId_fkey" foreign key ("userId") references "app"."Users" ("id") on delete cascade on update no action',
        'SHARE ROW EXCLUSIVE on app.Checkouts',
      ],
    ]);
    expect(statementsOf({ ...changes['adopt-foreign-key'], key: both })[2]?.sql).toBe(
      withoutKey('"app"."Checkouts"', '"app"."Users"', 'c', "'a', 'b'", "'c', 'd'"),
    );
    expect(statements.map(({ transactional }) => transactional)).toEqual([true, true, true, true]);
    expect(statements.map(({ nothing }) => nothing)).toEqual([
      undefined,
      undefined,
      'partitions without a valid key of their own, attached since the plan was made',
      undefined,
    ]);
  });

  it.each([
    ['NO ACTION', 'a'],
    ['RESTRICT', 'r'],
    ['CASCADE', 'c'],
    ['SET NULL', 'n'],
    ['SET DEFAULT', 'd'],
  ] as const)('a partition’s key with %s is known by PostgreSQL’s letter for it', (action, letter) => {
    const sqlOf = (adopted: typeof key) =>
      statementsOf({ ...changes['adopt-foreign-key'], key: adopted })[2]?.sql;
    expect(sqlOf({ ...key, onDelete: action })).toContain(`con.confdeltype = '${letter}'`);
    expect(sqlOf({ ...key, onUpdate: action })).toContain(`con.confupdtype = '${letter}'`);
  });

  it.each([
    ['NOT DEFERRABLE', undefined, 'con.condeferrable = false and con.condeferred = false', "'s'"],
    [
      'INITIALLY IMMEDIATE',
      'INITIALLY IMMEDIATE',
      'con.condeferrable = true and con.condeferred = false',
      "'s'",
    ],
    [
      'INITIALLY DEFERRED',
      'INITIALLY DEFERRED',
      'con.condeferrable = true and con.condeferred = true',
      "'s'",
    ],
  ] as const)('a partition’s key is compared by when it is checked: %s', (_, deferrable, where, match) => {
    const adopted = { ...key, ...(deferrable && { deferrable }) };
    const sql = statementsOf({ ...changes['adopt-foreign-key'], key: adopted })[2]?.sql;
    expect(sql).toContain(where);
    expect(sql).toContain(`con.confmatchtype = ${match}`);
    const full = statementsOf({ ...changes['adopt-foreign-key'], key: { ...adopted, matchFull: true } })[2]
      ?.sql;
    expect(full).toContain("con.confmatchtype = 'f'");
  });

  it('a parent that came back by itself is left alone', () => {
    expect(brief(statementsOf(changes['create-parents']))).toEqual([
      [
        `insert into "app"."Users" ("id", "tenantId", "name") overriding system value values ('1', '2', null) on conflict ("id", "tenantId") do nothing`,
        'ROW EXCLUSIVE on app.Users',
      ],
    ]);
    expect(statementsOf(changes['create-parents'])[0]?.transactional).toBe(true);
  });
});

describe('a key as it is written', () => {
  const written = (change: Partial<typeof key>): string =>
    statementsOf({ op: 'add-foreign-key', key: { ...key, ...change } })[1]?.sql ?? '';

  it.each([
    ['NO ACTION', 'on delete no action'],
    ['RESTRICT', 'on delete restrict'],
    ['CASCADE', 'on delete cascade'],
    ['SET NULL', 'on delete set null'],
    ['SET DEFAULT', 'on delete set default'],
  ] as const)('%s', (onDelete, text) =>
    expect(written({ onDelete })).toContain(`("id") ${text} on update no action`),
  );

  it.each([
    ['INITIALLY IMMEDIATE', ' deferrable not valid'],
    ['INITIALLY DEFERRED', ' deferrable initially deferred not valid'],
  ] as const)('%s', (deferrable, text) =>
    expect(written({ deferrable })).toContain(`on update no action${text}`),
  );

  it('with the columns that SET NULL changes, and MATCH FULL', () => {
    expect(written({ onDelete: 'SET NULL', setColumns: ['a', 'b'], matchFull: true })).toContain(
      '("id") match full on delete set null ("a", "b") on update',
    );
  });

  it.each([
    ['NOT DEFERRABLE', 'not deferrable'],
    ['INITIALLY IMMEDIATE', 'deferrable initially immediate'],
    ['INITIALLY DEFERRED', 'deferrable initially deferred'],
  ] as const)('altered to %s', (deferrability, text) => {
    expect(brief(statementsOf({ ...changes['alter-foreign-key'], deferrability }))).toEqual([
      [
        `alter table "app"."Checkouts" alter constraint "Checkouts_userId_fkey" ${text}`,
        'ACCESS EXCLUSIVE on app.Checkouts',
      ],
    ]);
  });
});

describe('the way back of a change of the schema', () => {
  const undone = (change: Change) => brief(undoStatementsOf(change));
  const back = (name: string, parent = 'people') =>
    `add constraint "${name}" FOREIGN KEY ("userId") REFERENCES app.${parent}(id) ON DELETE SET NULL`;

  it('takes an added key away, with the lock that the drop of a key needs on its parent', () => {
    expect(undone(changes['add-foreign-key'])).toEqual([
      ['lock table "app"."Users" in access exclusive mode', 'ACCESS EXCLUSIVE on app.Users'],
      [
        'alter table "app"."Checkouts" drop constraint "Checkouts_userId_fkey"',
        'ACCESS EXCLUSIVE on app.Checkouts',
      ],
    ]);
  });

  it('knows that a partition’s key may have gone with the table’s', () => {
    for (const op of ['add-foreign-key', 'swap-foreign-key'] as const) {
      const [, statement] = undone({ ...changes[op], partitionOf: people });
      expect(statement?.[0]).toContain(
        'alter table "app"."Checkouts" drop constraint if exists "Checkouts_userId_fkey"',
      );
    }
  });

  it('brings swapped keys back in one statement, NOT VALID, because rows may have changed since', () => {
    expect(undone(changes['swap-foreign-key'])).toEqual([
      [
        'lock table "app"."people", "app"."Users" in access exclusive mode',
        'ACCESS EXCLUSIVE on app.people',
        'ACCESS EXCLUSIVE on app.Users',
      ],
      [
        `alter table "app"."Checkouts" drop constraint "Checkouts_userId_fkey", ${back('old')} not valid, ${back('older', 'Users')} not valid`,
        'ACCESS EXCLUSIVE on app.Checkouts',
      ],
    ]);
  });

  it('brings the key of a partitioned table back by a scan, where it takes no NOT VALID key', () => {
    const scanned = { ...dropped('old'), scanned: true } as const;
    const [, statement] = undone({ ...changes['adopt-foreign-key'], drop: [scanned] });
    expect(statement?.[0]).toBe(
      `alter table "app"."Checkouts" drop constraint "Checkouts_userId_fkey", ${back('old')}`,
    );
  });

  it('brings dropped keys back under the weaker lock of an added key', () => {
    expect(undone(changes['drop-foreign-key'])).toEqual([
      [
        'lock table "app"."people", "app"."Users" in share row exclusive mode',
        'SHARE ROW EXCLUSIVE on app.people',
        'SHARE ROW EXCLUSIVE on app.Users',
      ],
      [
        `alter table "app"."Checkouts" ${back('old')} not valid, ${back('older', 'Users')} not valid`,
        'SHARE ROW EXCLUSIVE on app.Checkouts',
      ],
    ]);
  });

  it('makes a key deferrable as it was before', () => {
    expect(undone(changes['alter-foreign-key'])).toEqual([
      [
        'alter table "app"."Checkouts" alter constraint "Checkouts_userId_fkey" deferrable initially immediate',
        'ACCESS EXCLUSIVE on app.Checkouts',
      ],
    ]);
  });

  it('drops a primary key and the unique indexes that were made for keys', () => {
    expect(undone(changes['add-primary-key'])).toEqual([
      ['alter table "app"."Checkouts" drop constraint "Checkouts_pkey"', 'ACCESS EXCLUSIVE on app.Checkouts'],
    ]);
    for (const op of ['create-unique-index', 'create-partitioned-index'] as const) {
      const { index } = changes[op];
      expect(undone(changes[op])).toEqual([
        [`drop index if exists "app"."${index}"`, 'ACCESS EXCLUSIVE on app.Checkouts'],
      ]);
      expect(undoStatementsOf(changes[op])[0]?.transactional).toBe(true);
      expect(undone({ ...changes[op], partitionOf: children })).toEqual([]);
    }
  });

  it('leaves rows, types, plain indexes and proofs as they are', () => {
    const taken = Object.values(changes).filter((change) => undoStatementsOf(change).length > 0);
    expect(taken.map(({ op }) => op).sort()).toEqual([
      'add-foreign-key',
      'add-primary-key',
      'adopt-foreign-key',
      'alter-foreign-key',
      'create-partitioned-index',
      'create-unique-index',
      'drop-foreign-key',
      'swap-foreign-key',
    ]);
  });
});
