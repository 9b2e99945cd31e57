import { escapeIdentifier as quoted } from 'pg';
import type { Judge } from '../../postgres/judge';

/** One live key: a key that is made anew has another oid. */
export interface Key {
  readonly oid: string;
  readonly valid: boolean;
  readonly name: string;
  readonly child: string;
  readonly column: string;
  readonly parent: string;
  readonly parentColumn: string;
}

export interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly computed: boolean;
}

export interface Structure {
  readonly keys: readonly Key[];
  readonly columns: readonly Column[];
}

export async function readStructure(database: Judge): Promise<Structure> {
  return { keys: await database.query<Key>(KEYS), columns: await database.query<Column>(COLUMNS) };
}

/** A column that was changed beside the running application stands last afterwards. */
export const inSameOrder = (one: Structure, other: Structure): boolean =>
  JSON.stringify(one.columns) === JSON.stringify(other.columns);

/** Columns of another type than before, and those that came or went. */
export function typesThatDiffer(before: Structure, after: Structure): readonly string[] {
  const texts = ({ columns }: Structure): readonly string[] =>
    columns.map(({ table, name, type }) => `${table}.${name} ${type}`);
  const [old, now] = [texts(before), texts(after)];
  return [...old.filter((text) => !now.includes(text)), ...now.filter((text) => !old.includes(text))];
}

/** Rows without a parent under keys that have been proved since, of which the guard says that there are none. */
export async function orphansUnderNewProof(database: Judge, before: Structure): Promise<readonly string[]> {
  const found: string[] = [];
  const proved = before.keys.filter(({ valid }) => valid).map(({ oid }) => oid);
  for (const key of (await readStructure(database)).keys) {
    if (!key.valid || proved.includes(key.oid)) continue;
    const [row] = await database.query<{ rows: number }>(
      `select count(*)::int as rows from ${key.child} c where c.${quoted(key.column)} is not null
          and not exists (select from ${key.parent} p where p.${quoted(key.parentColumn)} = c.${quoted(key.column)})`,
    );
    if (row?.rows !== 0) found.push(`${row?.rows} rows of ${key.child} under ${key.name}`);
  }
  return found;
}

/** Takes every key away, and gives columns their former types: what a restore of rows leaves to a person. */
export async function undoStructure(database: Judge, before: Structure): Promise<void> {
  const { keys, columns } = await readStructure(database);
  for (const { child, name } of keys)
    await database.query(`alter table ${child} drop constraint ${quoted(name)}`);
  for (const { table, name, type } of columns) {
    const old = before.columns.find((column) => column.table === table && column.name === name)?.type;
    if (old !== undefined && old !== type)
      await database.query(
        `alter table ${table} alter column ${quoted(name)} type ${old} using ${quoted(name)}::text::${old}`,
      );
  }
}

const KEYS = `
  select k.oid::text, k.convalidated as valid, k.conname::text as name, format('%I.%I', cn.nspname, c.relname) as child, ca.attname::text as column,
         format('%I.%I', pn.nspname, p.relname) as parent, pa.attname::text as "parentColumn"
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace cn on cn.oid = c.relnamespace
    join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
    join pg_attribute ca on ca.attrelid = k.conrelid and ca.attnum = k.conkey[1]
    join pg_attribute pa on pa.attrelid = k.confrelid and pa.attnum = k.confkey[1]
   where k.contype = 'f' and cn.nspname = 'public'`;

const COLUMNS = `
  select format('%I.%I', n.nspname, c.relname) as table, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, a.attgenerated <> '' as computed
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where c.relkind = 'r' and n.nspname = 'public' order by 1, a.attnum`;
