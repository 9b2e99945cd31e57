import { flag, json, text } from '../../catalog/row';
import type { Change } from '../../changes/change';
import {
  bringBackStatements,
  conversionBack,
  convertBackStatements,
  madeKeys,
  originalKeys,
  takeAwayStatements,
  takeOutStatements,
  type TableKey,
} from '../../changes/way-back-statement';
import type { Session } from '../../db';
import { FkGuardError } from '../../errors';
import { sameNameSet, sameTable } from '../../names';
import { sql, type Sql } from '../../sql';
import type { Reason } from './reason';
import { obstaclesTo, type LedgerStep } from './schema-obstacles';
import { readLiveKeys, type LiveKey } from './live-keys';

/** What a run has changed of the schema, and how it is taken back. */
export interface SchemaUndo {
  readonly steps: readonly { readonly runId: string; readonly id: string; readonly change: Change }[];
  /** Keys that the run found there, on relations whose rows it cleaned or proved: they go for the time of the restore. */
  readonly inTheWay: readonly TableKey[];
  /** Keys that come back after the rows, NOT VALID. */
  readonly comeBack: readonly TableKey[];
  /** The names of the keys that go. */
  readonly keys: readonly string[];
  /** True when a column goes back to its old type. */
  readonly converted: boolean;
  /** All of it, in the order in which it is carried out. */
  readonly statements: readonly string[];
  /** What has happened since that forbids it; nothing is undone then. */
  readonly obstacles: readonly string[];
}

/** True when a row was refused by a key that goes with the schema, or may be so by a type that does. */
export const isKeptOutBy = ({ keys, converted }: SchemaUndo, { code, constraint }: Reason): boolean =>
  code === '23503' ? keys.includes(constraint ?? '') : converted && (code?.startsWith('22') ?? false);

/** Reads what the run, and the interrupted ones that it went on from, have done to the schema and not undone since. */
export async function readSchemaUndo(session: Session, ledger: Sql, runId: string): Promise<SchemaUndo> {
  const rows = await session.query(stepsQuery(ledger), [runId]);
  const live = await readLiveKeys(session);
  try {
    return undoOf(
      rows.map((row) => ({
        runId: text(row, 'run_id'),
        id: text(row, 'id'),
        own: flag(row, 'own'),
        change: json<Change>(row, 'change'),
      })),
      live,
    );
  } catch (error) {
    throw new FkGuardError(
      'LEDGER',
      `The steps of run ${runId} in the ledger cannot be understood.`,
      'They may have been edited by hand. Nothing was changed.',
      error,
    );
  }
}

const stepsQuery = (ledger: Sql): Sql => sql`
  with recursive chain as (
    select r.id, r.resumes from ${ledger}.run r where r.id::text = $1
    union select r.id, r.resumes from ${ledger}.run r join chain c on r.id = c.resumes)
  select s.run_id, s.id, s.change, s.run_id in (select c.id from chain c) as own
    from ${ledger}.step s where s.undone_at is null order by s.finished_at, s.run_id, s.id`;

function undoOf(all: readonly LedgerStep[], live: readonly LiveKey[]): SchemaUndo {
  const steps = all.filter(({ own }) => own);
  const changes = steps.map(({ change }) => change);
  const latestFirst = [...changes].reverse();
  const made = madeKeys(changes);
  const inTheWay = live.filter((key) => !made.has(key.id) && isInTheWay(key, changes));
  const comeBack = [...originalKeys(changes), ...inTheWay].map(({ table, key }) => ({ table, key }));
  const conversions = latestFirst.flatMap((change) => conversionBack(change) ?? []);
  return {
    steps: steps.filter(({ change }) => touchesSchema(change)),
    inTheWay,
    comeBack,
    keys: [
      ...inTheWay.map(({ key }) => key.name),
      ...changes.flatMap((change) => ('key' in change ? [change.key.name] : [])),
    ],
    converted: conversions.length > 0,
    statements: [
      ...latestFirst.flatMap(takeAwayStatements),
      ...inTheWay.flatMap(takeOutStatements),
      ...conversions.flatMap(convertBackStatements),
      ...comeBack.flatMap(bringBackStatements),
    ].map((statement) => statement.sql),
    obstacles: obstaclesTo(all, live),
  };
}

const touchesSchema = (change: Change): boolean =>
  takeAwayStatements(change).length > 0 || conversionBack(change) !== undefined || 'drop' in change;

/** True for a key of a relation whose orphans the run has removed or changed, or that it has proved afterwards. */
const isInTheWay = ({ table, columns, key }: LiveKey, changes: readonly Change[]): boolean =>
  changes.some((change) =>
    'orphans' in change
      ? sameTable(change.orphans.child, table) && sameNameSet(change.orphans.childColumns, columns)
      : change.op === 'validate-foreign-key' && sameTable(change.table, table) && change.name === key.name,
  );
