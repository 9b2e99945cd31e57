import type { Change, DroppedKey } from '../changes/change';
import { statementsOf, type Statement } from '../changes/statement';
import { tableId } from '../names';
import type { Step } from '../outcome';
import type { TableName } from '../schema';
import { block, identifier, integer, literal, qualified, sql, type Sql } from '../sql';
import { raise, raiseIf } from './block';
import { cleanBlock, whyNotInSql } from './clean';
import type { ScriptSettings } from './settings';

/** A piece of a script: statements, or a word between them. */
export type Piece = { readonly sql: Sql } | { readonly comment: string };

/** Changes that are their statements and nothing else; the other ones copy rows, or look at what they find under way. */
const PLAIN: readonly Change['op'][] = [
  'drop-index',
  'create-index',
  'create-unique-index',
  'create-partitioned-index',
  'attach-index',
  'add-not-null-check',
  'validate-check',
  'add-primary-key',
  'add-foreign-key',
  'swap-foreign-key',
  'validate-foreign-key',
  'adopt-foreign-key',
  'alter-foreign-key',
  'drop-foreign-key',
];

/** Why a step cannot stand in a script; `undefined` where it can. */
export function whyOnlyByGuard({ change }: Step, settings: ScriptSettings): string | undefined {
  if (change.op === 'clean-orphans') return whyNotInSql(change, settings);
  return PLAIN.includes(change.op)
    ? undefined
    : 'it copies values, or makes rows, under looks that SQL alone cannot take';
}

/** One step. Where it cannot stand here, the script ends: what comes after may rest on it. */
export function stepPieces(step: Step, settings: ScriptSettings): readonly Piece[] {
  const why = whyOnlyByGuard(step, settings);
  if (why !== undefined)
    return [
      {
        comment: `Not in SQL: ${why}. The script ends here; fk-guard apply does this step and those after it.`,
      },
      { sql: block(sql`begin ${raise(`Step ${step.id} is for fk-guard apply: ${why}.`)} end`) },
    ];
  const { change } = step;
  if (change.op === 'clean-orphans')
    return [
      {
        comment:
          'In batches, a transaction each: locks, looks, copies into the quarantine, and only then the rows.',
      },
      { sql: cleanBlock(step, change, settings) },
      { sql: record(step, settings) },
    ];
  const statements = statementsOf(change);
  const droppedKeys = 'drop' in change ? change.drop : [];
  const table = 'key' in change ? change.key.child : 'table' in change ? change.table : undefined;
  const looks = table ? droppedKeys.map((key) => ({ sql: assertSameKey(table, key) })) : [];
  return statements.every(({ transactional }) => transactional)
    ? [
        { sql: sql`begin` },
        ...looks,
        ...statements.map((statement) => ({ sql: looked(statement) })),
        { sql: record(step, settings) },
        { sql: sql`commit` },
      ]
    : [...statements.flatMap((statement) => alone(statement, settings)), { sql: record(step, settings) }];
}

/** A query that must find nothing says why, when it does. */
const looked = ({ sql: statement, nothing }: Statement): Sql =>
  nothing === undefined
    ? statement
    : block(sql`begin ${raiseIf(sql`exists (${statement})`, `There are ${nothing}.`)} end`);

function alone(
  { sql: statement, onlyIf, locks }: Statement,
  { lockTimeoutMs }: ScriptSettings,
): readonly Piece[] {
  const confirm = onlyIf
    ? [
        { sql: sql`begin` },
        ...locks.map(({ table }) => ({
          sql: sql`lock table ${qualified(table)} in share update exclusive mode`,
        })),
        {
          sql: block(
            sql`begin ${raiseIf(sql`not exists (${onlyIf})`, 'Another session has finished it meanwhile.')} end`,
          ),
        },
        { sql: sql`commit` },
      ]
    : [];
  return [
    ...confirm,
    {
      comment:
        'Outside of any transaction, as PostgreSQL wants it. It waits for old transactions, and nobody queues behind it.',
    },
    { comment: 'Should it fail it leaves an invalid index behind: the next plan drops that.' },
    { sql: sql`set lock_timeout = 30000` },
    { sql: statement },
    { sql: sql`set lock_timeout = ${integer(lockTimeoutMs)}` },
  ];
}

/** A key is dropped only while it is the one that the plan saw. */
const assertSameKey = (table: TableName, { name, definition }: DroppedKey): Sql =>
  block(
    sql`begin ${raiseIf(
      sql`not exists (select from pg_catalog.pg_constraint c where c.conrelid = ${literal(qualified(table))}::pg_catalog.regclass and c.conname = ${literal(name)}
          and pg_catalog.pg_get_constraintdef(c.oid) = ${literal(definition)})`,
      `${name} of ${tableId(table)} is not what it was when the plan was made.`,
    )} end`,
  );

/** The ledger's row, from which a restore takes the step back. */
const record = (step: Step, { schema, runId }: ScriptSettings): Sql => {
  const ledger = identifier(schema);
  const rows = sql`(select pg_catalog.count(*) from ${ledger}.quarantine q where q.run_id = ${literal(runId)} and q.step = ${literal(step.id)})`;
  const text = step.statements.map((statement) => statement.sql).join(';\n');
  return sql`insert into ${ledger}.step (run_id, id, title, change, sql, status, rows, duration_ms)
values (${literal(runId)}, ${literal(step.id)}, ${literal(step.title)}, ${literal(JSON.stringify(step.change))}, ${literal(text)}, 'done', ${rows}, 0)`;
};
