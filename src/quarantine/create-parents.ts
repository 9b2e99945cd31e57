import { missingKeys } from '../catalog/parents';
import { count, text } from '../catalog/row';
import type { Change, MissingParent, OrphanCondition } from '../changes/change';
import { statementsOf } from '../changes/statement';
import type { Session } from '../db';
import { describeBlockers } from '../execution/blockers';
import { retryLocks } from '../execution/retry';
import { asOnlyWriter } from '../execution/step-lock';
import { exactTextForms, setLocal, writing } from '../execution/session-settings';
import { within } from '../execution/time-left';
import { wholeTables } from '../execution/whole-tables';
import type { Work } from '../execution/work';
import { sameNames, tableId } from '../names';
import { integer, literal, qualified, sql } from '../sql';
import { swallowed } from './batch-stops';

type Creation = Extract<Change, { readonly op: 'create-parents' }>;

/** True for the changes that this file carries out. */
export const isCreation = (change: Change): change is Creation => 'parents' in change;

/**
 * Makes the parents that are still missing, all in one transaction together with what `record` writes about them. A
 * key whose children have gone meanwhile, or whose parent has come back, gets none.
 */
export async function createParents(
  work: Work,
  change: Creation,
  record: (created: number) => Promise<void>,
): Promise<void> {
  const { session, events, step, runner } = work;
  const settings = within(work.settings, work.deadline);
  // The application's own path, under which the triggers that the options allow expect to run.
  const [path] = await session.query(sql`select pg_catalog.current_setting('search_path') as path`);
  const create = async (): Promise<void> => {
    const missing = await missingParents(session, change);
    await session.query(setLocal({ search_path: path?.['path'] ?? '' }));
    let created = 0;
    for (const [i, { sql: statement }] of statementsOf(change).entries()) {
      if (!isAmong(missing, change.parents[i])) continue;
      const [row] = await session.query(
        sql`with made as (${statement} returning true) select pg_catalog.count(*) as rows from made`,
      );
      created += count(row, 'rows');
    }
    await session.query(setLocal({ search_path: 'pg_catalog, pg_temp' }));
    await assertMade(session, change);
    await advanceSequences(session, change);
    await record(created);
  };
  await retryLocks(() => asOnlyWriter(session, runner, [writing(settings), exactTextForms], create), {
    budget: settings.lockBudget,
    what: step.title,
    events,
    blockers: () => describeBlockers(session, [{ table: change.children.parent, mode: 'ROW EXCLUSIVE' }]),
    runner,
  });
}

/** An index that has lost parents would have them made a second time. */
async function missingParents(
  session: Session,
  { children }: Pick<Creation, 'children'>,
): Promise<readonly (readonly string[])[]> {
  await session.query(wholeTables.read);
  const missing = await missingKeys(session, children);
  await session.query(wholeTables.asUsual);
  return missing;
}

const isAmong = (keys: readonly (readonly string[])[], parent: MissingParent | undefined): boolean =>
  parent !== undefined && keys.some((key) => sameNames(key, parent.key));

/** A trigger or rule may have kept a row away, or given it another key. */
async function assertMade(session: Session, { children, parents }: Creation): Promise<void> {
  const still = await missingParents(session, { children });
  const lost = parents.filter((parent) => isAmong(still, parent)).length;
  if (lost > 0) throw swallowed(tableId(children.parent), lost);
}

/** Up to here a sequence is advanced number by number, which no other session can undo; a larger gap nobody else bridges. */
const STEP_BY_STEP = 10_000;

/** Rows that name their own key leave the key's sequence behind: the application's next insert would meet them (23505). */
async function advanceSequences(session: Session, { children, parents }: Creation): Promise<void> {
  for (const [i, column] of children.parentColumns.entries()) {
    const sequence = await sequenceOf(session, children, column);
    const keys = parents.map(({ key }) => key[i] ?? '').filter((key) => /^\d{1,15}$/.test(key));
    const highest = Math.max(0, ...keys.map(Number));
    if (sequence === undefined || highest <= sequence.last || highest > sequence.most) continue;
    const gap = highest - sequence.last;
    const name = sql`${literal(sequence.name)}::pg_catalog.regclass`;
    await session.query(
      gap <= STEP_BY_STEP
        ? sql`select pg_catalog.max(pg_catalog.nextval(${name})) from pg_catalog.generate_series(1, ${integer(gap)})`
        : sql`select pg_catalog.setval(${name}, ${integer(highest)})`,
    );
  }
}

interface Sequence {
  readonly name: string;
  readonly last: number;
  readonly most: number;
}

/** The sequence behind a serial or identity column, if it counts up one by one. */
async function sequenceOf(
  session: Session,
  { parent }: OrphanCondition,
  column: string,
): Promise<Sequence | undefined> {
  const [row] = await session.query(
    sql`
    select s.seqrelid::pg_catalog.regclass::text as name, coalesce(pg_catalog.pg_sequence_last_value(s.seqrelid), s.seqstart - 1) as last, s.seqmax as most
      from pg_catalog.pg_sequence s
     where s.seqrelid = pg_catalog.pg_get_serial_sequence($1, $2)::pg_catalog.regclass and s.seqincrement = 1`,
    [qualified(parent), column],
  );
  return row && { name: text(row, 'name'), last: Number(text(row, 'last')), most: Number(text(row, 'most')) };
}
