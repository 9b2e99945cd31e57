import type { Change } from '../../src/changes/change';
import type { Statement } from '../../src/changes/statement';
import {
  bringBackStatements,
  conversionBack,
  convertBackStatements,
  keyId,
  madeKeys,
  originalKeys,
  takeAwayStatements,
  takeOutStatements,
} from '../../src/changes/way-back-statement';
import { changes, children, conversion, dropped, key, people } from './changes';

const brief = (statements: readonly Statement[]) =>
  statements.map(({ sql, locks, transactional }) => [
    sql,
    ...locks.map(({ table, mode }) => `${mode} on ${table.name}`),
    ...(transactional ? [] : ['without a transaction']),
  ]);

const MINE = [
  ['lock table "app"."Users" in access exclusive mode', 'ACCESS EXCLUSIVE on Users'],
  [
    'alter table "app"."Checkouts" drop constraint if exists "Checkouts_userId_fkey"',
    'ACCESS EXCLUSIVE on Checkouts',
  ],
];

describe('what a run has made goes', () => {
  it.each(['add-foreign-key', 'swap-foreign-key', 'adopt-foreign-key'] as const)(
    '%s: its key, the parent locked first; what it replaced comes back after the rows',
    (op) => expect(brief(takeAwayStatements(changes[op]))).toEqual(MINE),
  );

  it('a key that was only dropped has left nothing to take away', () => {
    expect(takeAwayStatements(changes['drop-foreign-key'])).toEqual([]);
  });

  it('anything else goes as a migration takes it back', () => {
    expect(brief(takeAwayStatements(changes['alter-foreign-key']))).toEqual([
      [
        'alter table "app"."Checkouts" alter constraint "Checkouts_userId_fkey" deferrable initially immediate',
        'ACCESS EXCLUSIVE on Checkouts',
      ],
    ]);
    expect(takeAwayStatements(changes['clean-orphans'])).toEqual([]);
  });
});

describe('a key that is not the run’s own', () => {
  const found = { table: children, key: dropped('own') };

  it('goes by its name for the time of the restore', () => {
    expect(brief(takeOutStatements(found))).toEqual([
      ['lock table "app"."people" in access exclusive mode', 'ACCESS EXCLUSIVE on people'],
      ['alter table "app"."Checkouts" drop constraint "own"', 'ACCESS EXCLUSIVE on Checkouts'],
    ]);
  });

  it('comes back as it was, without a look at the rows', () => {
    expect(brief(bringBackStatements(found))).toEqual([
      ['lock table "app"."people" in share row exclusive mode', 'SHARE ROW EXCLUSIVE on people'],
      [
        'alter table "app"."Checkouts" add constraint "own" FOREIGN KEY ("userId") REFERENCES app.people(id) ON DELETE SET NULL not valid',
        'SHARE ROW EXCLUSIVE on Checkouts',
      ],
    ]);
  });
});

describe('whose a key is', () => {
  const add: Change = changes['add-foreign-key'];
  const dropOwn: Change = { ...changes['drop-foreign-key'], drop: [dropped(key.name)] };
  const own = keyId(children, key.name);
  const ids = (list: ReturnType<typeof originalKeys>): readonly string[] =>
    list.map(({ table, key: { name } }) => keyId(table, name));

  it('is told by the table and the name', () => {
    expect(own).toBe('["app.Checkouts","Checkouts_userId_fkey"]');
    expect(keyId(people, key.name)).not.toBe(own);
  });

  it('the run’s, as long as no later step has dropped it', () => {
    expect([...madeKeys([add]).keys()]).toEqual([own]);
    expect(madeKeys([add]).get(own)).toBe(add);
    expect([...madeKeys([add, dropOwn]).keys()]).toEqual([]);
    expect([...madeKeys([dropOwn, add]).keys()]).toEqual([own]);
    expect([...madeKeys([changes['clean-orphans'], changes['drop-index']]).keys()]).toEqual([]);
  });

  it('somebody else’s, when the run has dropped it and not made it before', () => {
    const olds = [keyId(children, 'old'), keyId(children, 'older')];
    expect(ids(originalKeys([changes['swap-foreign-key']]))).toEqual(olds);
    expect(ids(originalKeys([changes['drop-foreign-key']]))).toEqual(olds);
    expect(ids(originalKeys([add, dropOwn]))).toEqual([]);
    expect(ids(originalKeys([dropOwn, add]))).toEqual([own]);
    expect(ids(originalKeys([add, dropOwn, dropOwn]))).toEqual([own]);
    expect(originalKeys([add, changes['convert-column']])).toEqual([]);
  });

  it('a swap that drops the key of an earlier step has replaced nobody else’s', () => {
    const swap: Change = { ...changes['swap-foreign-key'], drop: [dropped(key.name)] };
    expect(originalKeys([add, swap])).toEqual([]);
    expect(madeKeys([add, swap]).get(own)).toBe(swap);
  });

  it('keeps its table and what it says', () => {
    expect(originalKeys([changes['drop-foreign-key']])[0]).toEqual({ table: children, key: dropped('old') });
  });
});

describe('a column that goes back to its old type', () => {
  const usual = { written: "'7'::integer", converted: '7' };

  it.each(['convert-column', 'swap-shadow-column'] as const)('is that of %s', (op) => {
    expect(conversionBack(changes[op])).toEqual({
      table: children,
      cast: { column: 'userId', from: 'integer', to: 'character varying(36)' },
      rows: 7,
    });
  });

  it('is none of any other change', () => {
    const others = Object.values(changes).filter(({ op }) => !/^(convert|swap-shadow)-column$/.test(op));
    expect(others.map(conversionBack)).toEqual(others.map(() => undefined));
  });

  it('takes its default along', () => {
    const back = conversionBack({ op: 'convert-column', conversion: { ...conversion, default: usual } });
    expect(back).toMatchObject({ default: usual });
  });

  it('is written anew under the table’s lock, and analysed', () => {
    expect(brief(convertBackStatements(conversionBack(changes['convert-column']) ?? conversion))).toEqual([
      [
        'alter table "app"."Checkouts" alter column "userId" type character varying(36) using "userId"::character varying(36)',
        'ACCESS EXCLUSIVE on Checkouts',
      ],
      ['analyze "app"."Checkouts" ("userId")'],
    ]);
  });

  it('loses its default before, and gets it as it was written after', () => {
    const back = { ...conversion, cast: { column: 'a', from: 'integer', to: 'text' }, default: usual };
    expect(convertBackStatements(back)[0]?.sql).toBe(
      `alter table "app"."Checkouts" alter column "a" drop default, alter column "a" type pg_catalog.text using "a"::pg_catalog.text, alter column "a" set default '7'::integer`,
    );
  });
});
