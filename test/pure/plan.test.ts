import type { Change } from '../../src/changes/change';
import type { Diagnosis } from '../../src/diagnose';
import { planSteps } from '../../src/plan';
import type { Snapshot } from '../../src/snapshot';
import { changes, children, cleaning, conversion, key, orphans, people, users } from './changes';

/** Relations by the tables that they join, `[child, parent]`. */
const snapshot = (...relations: readonly (readonly [string, string])[]): Snapshot =>
  ({
    relations: relations.map(([child, parent]) => ({
      childName: { schema: 'app', name: child },
      parentName: { schema: 'app', name: parent },
    })),
  }) as unknown as Snapshot;

const asked = (finding: string, ...wanted: readonly Change[]): Diagnosis =>
  ({ finding: { id: finding }, changes: wanted }) as unknown as Diagnosis;

const plan = (wanted: readonly Change[], of = snapshot()) => planSteps([asked('f', ...wanted)], of);
const order = (wanted: readonly Change[], of?: Snapshot): readonly string[] =>
  plan(wanted, of).map(({ change }) => change.op);

/** Whether the second change rests on the first one, when both are asked for. */
const restsOn = (later: Change, earlier: Change): boolean => {
  const steps = plan([earlier, later]);
  const found = steps.find(({ change }) => change === later);
  const needed = steps.find(({ change }) => change === earlier);
  return found !== undefined && needed !== undefined && found.requires.includes(needed.id);
};

const child = (name: string) => ({ ...key, child: { schema: 'app', name } });
const fence = { op: 'add-foreign-key', key } as const;
const validate = { ...changes['validate-foreign-key'], table: key.child, columns: key.childColumns };
const clean = {
  op: 'clean-orphans',
  ...cleaning,
  orphans: { ...orphans, childColumns: ['userId'] },
} as const;
const unique = { ...changes['create-unique-index'], table: users, columns: ['id'] } as const;
const convert = changes['convert-column'];

describe('the order of a plan', () => {
  it('is by phase, whatever the order of the findings', () => {
    expect(order([validate, clean, fence, unique])).toEqual([
      'create-unique-index',
      'add-foreign-key',
      'clean-orphans',
      'validate-foreign-key',
    ]);
  });

  it('has parents before their children, so that a clean-up meets the orphans that it makes', () => {
    const of = (name: string) => ({
      ...clean,
      orphans: { ...clean.orphans, child: { schema: 'app', name } },
    });
    const tables = plan(
      [of('a_grandchild'), of('b_child'), of('c_parent')],
      snapshot(['a_grandchild', 'b_child'], ['b_child', 'c_parent'], ['c_parent', 'd_root']),
    ).map(({ change }) => ('orphans' in change ? change.orphans.child.name : ''));
    expect(tables).toEqual(['c_parent', 'b_child', 'a_grandchild']);
  });

  it('is by name where nothing else tells, and where the tables stand in a circle', () => {
    const names = (of: Snapshot) =>
      plan([fenceOf('b'), fenceOf('a')], of).map(({ change }) =>
        'key' in change ? change.key.child.name : '',
      );
    const fenceOf = (name: string) => ({ op: 'add-foreign-key', key: child(name) }) as const;
    expect(names(snapshot())).toEqual(['a', 'b']);
    expect(names(snapshot(['a', 'b'], ['b', 'a']))).toEqual(['a', 'b']);
  });

  it('has a table of no relation first', () => {
    const known = { ...unique, table: people } as const;
    expect(
      plan([known, unique], snapshot(['people', 'Users'])).map(
        ({ change }) => 'table' in change && change.table.name,
      ),
    ).toEqual(['Users', 'people']);
  });

  it('numbers the steps, and names for each the findings that ask for it', () => {
    const steps = planSteps([asked('first', fence, validate), asked('second', { ...fence })], snapshot());
    expect(steps.map(({ id, because }) => [id, ...because])).toEqual([
      ['1', 'first', 'second'],
      ['2', 'first'],
    ]);
  });

  it('converts a column once, with however many keys its rows were counted', () => {
    const counted = (rows: number) => ({ ...convert, conversion: { ...conversion, rows } });
    const steps = planSteps([asked('first', counted(7)), asked('second', counted(9))], snapshot());
    expect(steps.map(({ because, rows }) => [because, rows])).toEqual([[['first', 'second'], 7]]);
  });

  it('says how many rows a step touches', () => {
    expect(plan([clean, convert, fence]).map(({ change, rows }) => [change.op, rows])).toEqual([
      ['convert-column', 7],
      ['add-foreign-key', 0],
      ['clean-orphans', 3],
    ]);
  });

  it('tells of the statements what a reader needs: their SQL and their locks', () => {
    const [step] = plan([changes['drop-index']]);
    expect(step?.statements.map((statement) => Object.keys(statement))).toEqual([['sql', 'locks']]);
    expect(step?.title).toBe('Drop the invalid index left_over of app.Checkouts');
  });
});

describe('a step rests on', () => {
  const beside = { ...clean, orphans: { ...clean.orphans, childColumns: ['bookId'] } } as const;
  const shadow = changes['add-shadow-column'];
  const primary = { ...changes['add-primary-key'], table: users } as const;
  const leftOver = { ...changes['drop-index'], table: users, index: 'unique_ab' } as const;

  it.each([
    ['the fence before its clean-up', clean, fence],
    ['the clean-up before the proof', validate, clean],
    ['the parents that were missing', validate, { ...changes['create-parents'], children: clean.orphans }],
    ['the fence before the parents', { ...changes['create-parents'], children: clean.orphans }, fence],
    ['the unique key of its parent', fence, unique],
    ['the primary key of its parent', fence, primary],
    ['the index that becomes the primary key', primary, unique],
    ['the check that proves the primary key', primary, { ...changes['validate-check'], table: users }],
    ['the left-over that had its name', unique, leftOver],
    ['the column that fits first', fence, convert],
    ['the shadow of its column', changes['swap-shadow-column'], shadow],
    [
      'the rows that have no value in the new type',
      convert,
      { ...changes['clean-uncastable'], orphans: clean.orphans },
    ],
    [
      'the old key until the new one is proved',
      { ...changes['drop-foreign-key'], columns: ['userId'] },
      validate,
    ],
    [
      'the keys of the partitions',
      changes['adopt-foreign-key'],
      { ...fence, key: child('part'), partitionOf: key.child },
    ],
    [
      'the rows whose key has one value without a place in the new type',
      convert,
      { ...changes['clean-uncastable'], orphans },
    ],
    ['the conversion of a column that is a part of its key', { ...clean, orphans }, convert],
  ] as readonly (readonly [string, Change, Change])[])('%s', (_, later, earlier) =>
    expect(restsOn(later, earlier)).toBe(true),
  );

  it.each([
    ['a fence of other columns', beside, fence],
    ['a fence of one of its columns', { ...clean, orphans }, fence],
    ['a unique key of another table', fence, { ...unique, table: people }],
    ['an index of another table’s key', primary, { ...unique, table: people }],
    ['the clean-up of other columns', validate, beside],
    ['a left-over of another name', unique, { ...leftOver, index: 'other' }],
    ['an index beside it', validate, { ...changes['create-index'], columns: ['userId'] }],
    [
      'a deferrability',
      { ...changes['drop-foreign-key'], columns: ['userId'] },
      changes['alter-foreign-key'],
    ],
    ['what comes after it', fence, validate],
    ['the conversion of another column', beside, convert],
    [
      'the conversion of another table’s column',
      fence,
      { ...convert, conversion: { ...conversion, table: people } },
    ],
    ['a step of its own phase', { ...fence, key: { ...key, name: 'other' } }, fence],
    ['the dropped left-over where it is no index', fence, leftOver],
  ] as readonly (readonly [string, Change, Change])[])('not on %s', (_, later, earlier) =>
    expect(restsOn(later, earlier)).toBe(false),
  );

  it('an index that is made for it stands alone too', () => {
    expect(restsOn({ ...changes['create-index'], table: children }, convert)).toBe(false);
    expect(restsOn({ ...changes['alter-foreign-key'] }, fence)).toBe(false);
  });
});
