import { count, text } from '../catalog/row';
import { castOrNull, changesForm } from '../changes/cast-statement';
import type { Conversion } from '../changes/conversion';
import { remappedOrNull } from '../changes/remap-statement';
import type { Session } from '../db';
import { FkGuardError } from '../errors';
import type { Work } from '../execution/work';
import { counted } from '../counted';
import { tableId } from '../names';
import { identifier, integer, literal, qualified, sql, type Sql } from '../sql';
import { BY_TYPE } from '../quarantine/conversion-copy';
import { rowText } from '../quarantine/row-text';

/** The row that is looked at. */
export const row = sql`"fk_guard_row"`;

/** Its value in the old type. */
export const oldValue = ({ cast }: Conversion): Sql => sql`${row}.${identifier(cast.column)}`;

/** What a row's value becomes, null where it has no place in the new type. */
export const newValue = (conversion: Conversion): Sql =>
  conversion.remap
    ? remappedOrNull(oldValue(conversion), conversion.cast)
    : castOrNull(oldValue(conversion), conversion.cast);

/** Throws `UNCASTABLE` when a value has come in meanwhile that has no place in the new type. */
export async function assertCastable(session: Session, conversion: Conversion): Promise<void> {
  const { table } = conversion;
  const [found] = await session.query(
    sql`select pg_catalog.count(*) as rows from ${qualified(table)} as ${row}
         where ${oldValue(conversion)} is not null and ${newValue(conversion)} is null`,
  );
  const rows = count(found, 'rows');
  if (rows > 0) throw notCastable(conversion, rows);
}

/** Rows have come in meanwhile; another round looks at them. */
export const notCastable = ({ table, cast }: Conversion, rows: number): FkGuardError =>
  new FkGuardError(
    'UNCASTABLE',
    `${counted(rows, 'row', 'has', 'have')} come into ${tableId(table)} with a value of ${cast.column} that is no ${cast.to}; nothing was converted.`,
    'Let the application write values of the new type, and run again.',
  );

/** Copies every row whose value changes its text form, with the text that it leaves behind. Returns how many. */
export async function copyChanged(
  work: Work,
  conversion: Conversion,
  now: Sql,
  without: readonly string[] = [],
): Promise<number> {
  const { session, ledger, step } = work;
  const { table, cast } = conversion;
  const old = oldValue(conversion);
  const columns = await session.query(
    sql`select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type from pg_catalog.pg_attribute a
         where a.attrelid = $1::pg_catalog.regclass and a.attnum > 0 and not a.attisdropped and not a.attname::pg_catalog.text = any ($2::pg_catalog.text[]) order by a.attnum`,
    [qualified(table), without],
  );
  const [copied] = await session.query(sql`
    with copied as (
      insert into ${ledger.schema}.quarantine
             (run_id, step, batch, action, level, via, table_schema, table_name, changed_columns, row_data, given, source_oid, source_ctid)
      select ${literal(ledger.runId)}::pg_catalog.uuid, ${literal(step.id)}, ${integer(1)}, 'change', ${integer(0)}, ${BY_TYPE}, ${literal(table.schema)}, ${literal(table.name)},
             array[${literal(cast.column)}]::pg_catalog.text[],
             ${rowText(
               row,
               columns.map((column) => ({ name: text(column, 'name'), type: text(column, 'type') })),
             )},
             pg_catalog.jsonb_build_object(${literal(cast.column)}, pg_catalog.format('%s', ${now})),
             ${row}.tableoid, ${row}.ctid
        from ${qualified(table)} as ${row}
       where ${now} is not null and ${changesForm(old, now, cast)}
   returning 1)
    select pg_catalog.count(*) as rows from copied`);
  return count(copied, 'rows');
}
