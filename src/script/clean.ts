import { keyMatch, orphanPredicate } from '../catalog/orphans';
import type { Cleaning } from '../changes/cleaning';
import type { WatchedRelation } from '../changes/watched-relation';
import { sameTable, tableId } from '../names';
import { wholeTables } from '../execution/whole-tables';
import type { Step } from '../outcome';
import { block, identifier, integer, join, literal, qualified, sql, type Sql } from '../sql';
import { raiseIf } from './block';
import { assertRowsBelow } from './rows-below';
import { assertKeepsCopies, BATCH, childOf, isTaken, rowTexts, touched, type Names } from './clean-parts';
import { locksAndLooks } from './clean-looks';
import { begin } from './session';
import type { ScriptSettings } from './settings';

/** Why a clean-up cannot be put into SQL that is as careful as the guard; `undefined` where it can. */
export function whyNotInSql(change: Cleaning, { keepsRows }: ScriptSettings): string | undefined {
  if (!change.seen) return 'nobody knows which tables the plan was made from';
  if (!keepsRows) return 'no copies are kept (quarantine: false)';
  if (change.orphans.uncastable) return 'it is about values that cannot be converted';
  if (change.strategy === 'reparent') return 'the rows get another parent';
  return watchedBelow(change).some(({ unclear }) => unclear)
    ? 'rows below cannot be told by any equality'
    : undefined;
}

const watchedBelow = ({ watch, strategy, orphans }: Cleaning): readonly WatchedRelation[] =>
  strategy === 'delete' ? watch.filter(({ parent }) => sameTable(parent, orphans.child)) : [];

/** One clean-up as a block that commits batch by batch; the same looks as the guard's, and where it would have to follow keys further down it stops. */
export function cleanBlock(step: Step, change: Cleaning, settings: ScriptSettings): Sql {
  const { schema, runId } = settings;
  const names: Names = { ledger: identifier(schema), runId: literal(runId), step: literal(step.id) };
  const table = tableId(change.orphans.child);
  // A column may have the name of a variable.
  return block(sql`#variable_conflict use_variable
declare
  row_text text; below record; listed bigint; here bigint; copied bigint; gone bigint; total bigint := 0;
  before bigint; is_below boolean; this_batch integer := 0; idle integer := 0;
begin
  loop
    ${begin(settings)}
    -- By tables and not by their indexes, which may have lost rows: to go, a row must be an orphan by both.
    execute ${literal(wholeTables.read)};
    drop table if exists pg_temp.fk_guard_list;
    create temp table fk_guard_list as
      select pg_catalog.row_number() over () as number, ${childOf}.tableoid as source_oid, ${childOf}.ctid as source_ctid
        from only ${qualified(change.orphans.child)} as ${childOf} where ${orphanPredicate(change.orphans, childOf)};
    select pg_catalog.count(*) from pg_temp.fk_guard_list into listed;
    commit;
    exit when listed = 0;
    -- More than was planned and looked at: nobody has agreed to that.
    ${grown(step, change, sql`total + listed`)}
    here := total;
    for start_at in 1 .. listed by ${BATCH} loop
      ${begin(settings)}
      ${oneBatch(names, step, change)}
    end loop;
    idle := case when total = here then idle + 1 else 0 end;
    ${raiseIf(sql`idle > 5`, `The orphans of ${table} are written anew again and again.`)}
  end loop;
  drop table if exists pg_temp.fk_guard_list;
end`);
}

/**
 * A transaction: what it copies goes with it, and nothing else does. That fewer rows go than were copied is asked although
 * no way to it is known (the rows are locked, and neither a trigger nor a rule acts on them): a copy of a row that stayed
 * would come back as a second one.
 */
const oneBatch = (names: Names, step: Step, change: Cleaning): Sql => sql`this_batch := this_batch + 1;
      ${assertKeepsCopies(names)}
      ${join(locksAndLooks(change), '\n')}
      ${rowTexts(change.orphans.child)}
      ${copy(names, change)}
      total := total + copied;
      ${grown(step, change, sql`total`)}
      ${join(looksBelow(names, change), '\n')}
      before := (${touched(change.orphans.child)});
      ${treat(names, change)}
      ${raiseIf(sql`gone <> copied`, `A trigger or rule has kept rows of ${tableId(change.orphans.child)}.`)}
      ${assertUntouched(change)}
      commit;`;

const grown = ({ rows }: Step, { orphans }: Cleaning, now: Sql): Sql =>
  raiseIf(
    sql`${now} > ${integer(rows)}`,
    `More rows of ${tableId(orphans.child)} are orphans than when the plan was made.`,
  );

const changed = ({ nullColumns, orphans }: Cleaning): readonly string[] =>
  nullColumns ?? orphans.childColumns;

/**
 * Copies and locks; the text of the row is asked for by the columns that the table has under the lock. A row that a writer
 * has moved meanwhile is left to the next list: a search by place does not look at the place again (PostgreSQL 12).
 */
function copy({ ledger, runId, step }: Names, change: Cleaning): Sql {
  const { orphans, strategy } = change;
  const action = literal(strategy === 'delete' ? 'delete' : 'change');
  const list =
    strategy === 'delete' ? sql`'{}'` : sql`array[${join(changed(change).map(literal), ', ')}]::text[]`;
  const head = sql`insert into ${ledger}.quarantine (run_id, step, batch, action, level, table_schema, table_name, changed_columns, source_oid, source_ctid, row_data) select ${runId}::uuid, ${step}, $1, ${action}, 0, ${literal(orphans.child.schema)}, ${literal(orphans.child.name)}, ${list}, r.oid, r.tid, r.row_data from (select ${childOf}.tableoid as oid, ${childOf}.ctid as tid, `;
  const tail = sql` as row_data from only ${qualified(orphans.child)} as ${childOf} where ${childOf}.ctid = any (array(select l.source_ctid from pg_temp.fk_guard_list l where l.number between $2 and $3)) and exists (select from pg_temp.fk_guard_list l where l.number between $2 and $3 and l.source_ctid = ${childOf}.ctid) and ${orphanPredicate(orphans, childOf)} for update of ${childOf}) r`;
  return sql`execute ${literal(head)} || row_text || ${literal(tail)} using this_batch, start_at, start_at + ${BATCH} - 1;
      get diagnostics copied = row_count;`;
}

function looksBelow(names: Names, change: Cleaning): readonly Sql[] {
  const { orphans } = change;
  return [
    assertRowsBelow(names, orphans.child, change.strategy === 'delete' ? undefined : changed(change)),
    ...watchedBelow(change).map((path) =>
      raiseIf(
        sql`exists (select from ${qualified(path.child)} as c join ${qualified(path.parent)} as ${childOf}
              on ${keyMatch({ ...path, parent: childOf, child: sql`c` })} where ${isTaken(names)})`,
        `Rows of ${tableId(path.child)} (${path.childColumns.join(', ')}) point at orphans of ${tableId(orphans.child)}; nothing says what becomes of them.`,
      ),
    ),
  ];
}

/** Never by place alone: the condition is asked again in the statement that removes. */
function treat(names: Names, change: Cleaning): Sql {
  const { orphans, strategy } = change;
  const which = sql`${isTaken(names)} and ${orphanPredicate(orphans, childOf)}`;
  const nulls = changed(change).map((column) => sql`${identifier(column)} = null`);
  const statement =
    strategy === 'delete'
      ? sql`delete from only ${qualified(orphans.child)} as ${childOf} where ${which}`
      : sql`update only ${qualified(orphans.child)} as ${childOf} set ${join(nulls, ', ')} where ${which}`;
  return sql`${statement};\n      get diagnostics gone = row_count;`;
}

/** Rows that came in below after the look, from a session that checks no keys, would go with these. */
const assertUntouched = ({ orphans }: Cleaning): Sql =>
  raiseIf(
    sql`(${touched(orphans.child)}) <> before + copied`,
    'Other rows would have gone without a copy, or nobody counts them (track_counts is off).',
  );
