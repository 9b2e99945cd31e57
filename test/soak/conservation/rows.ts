import { escapeIdentifier as quoted, escapeLiteral as literal } from 'pg';
import type { LiveKey } from '../../generator/damage/site';
import type { Judge } from '../../postgres/judge';

/** Column → text form, with the names in order. */
export type Values = Readonly<Record<string, string | null>>;

export interface StoredRow {
  readonly values: Values;
  /** The whole row, as PostgreSQL writes it. */
  readonly line: string;
  /** True when an orphan is among its ancestors, or it is one itself. */
  readonly fallen: boolean;
}

/** `schema.table`, quoted → its rows. */
export type Rows = ReadonlyMap<string, readonly StoredRow[]>;

export interface Relation {
  readonly child: string;
  readonly column: string;
  readonly parent: string;
  readonly parentColumn: string;
}

/** What the judge's own connection writes values with: another connection's defaults must not look like a change. */
export const PINNED = `
  set datestyle = 'ISO, YMD'; set intervalstyle = postgres; set extra_float_digits = 3; set timezone = 'UTC';
  set lc_monetary = 'C'; set bytea_output = hex; set array_nulls = on; set xmloption = content; set quote_all_identifiers = off`;

/** Every row of the application's tables; `relations` tell which rows have lost a parent, at any distance. */
export async function readRows(database: Judge, relations: readonly Relation[] = []): Promise<Rows> {
  const tables = await database.query<{ name: string; columns: string[] }>(`
    select format('%I.%I', n.nspname, c.relname) as name, array_agg(a.attname::text order by a.attname collate "C") as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind = 'r' and n.nspname = 'public' group by 1`);
  const fallen = await fallenRows(database, tables, relations);
  const rows = new Map<string, readonly StoredRow[]>();
  for (const { name, columns } of tables) {
    const texts = columns.map(
      (column) =>
        `case when t.${quoted(column)} is distinct from null then format('%s', t.${quoted(column)}) end`,
    );
    const found = await database.query<{ place: string; line: string; texts: (string | null)[] }>(
      `select t.ctid::text as place, (t.*)::text as line, to_json(array[${texts.join()}]) as texts from ${name} t`,
    );
    rows.set(
      name,
      found.map(({ place, line, texts }) => ({
        line,
        values: Object.fromEntries(columns.map((column, i) => [column, texts[i] ?? null])),
        fallen: fallen.has(`${name} ${place}`),
      })),
    );
  }
  return rows;
}

async function fallenRows(
  database: Judge,
  tables: readonly { readonly name: string; readonly columns: readonly string[] }[],
  relations: readonly Relation[],
): Promise<ReadonlySet<string>> {
  const has = (table: string, column: string): boolean =>
    tables.some(({ name, columns }) => name === table && columns.includes(column));
  const there = relations.filter((r) => has(r.child, r.column) && has(r.parent, r.parentColumn));
  if (there.length === 0) return new Set();
  const links = there.map(
    (
      r,
    ) => `select ${literal(r.child)} as child, c.ctid::text as place, ${literal(r.parent)} as parent, p.ctid::text as parent_place
      from ${r.child} c left join ${r.parent} p on c.${quoted(r.column)}::text = p.${quoted(r.parentColumn)}::text where c.${quoted(r.column)} is not null`,
  );
  const found = await database.query<{ row: string }>(`
    with recursive link as materialized (${links.join(' union all ')}),
    fallen as (
      select child, place from link where parent_place is null
      union select l.child, l.place from fallen f join link l on l.parent = f.child and l.parent_place = f.place)
    select child || ' ' || place as row from fallen`);
  return new Set(found.map(({ row }) => row));
}

/** The relations of the models, and those of the keys that are there. */
export async function relationsOf(database: Judge, keys: readonly LiveKey[]): Promise<readonly Relation[]> {
  const live = await database.query<Relation>(`
    select format('%I.%I', cn.nspname, c.relname) as child, ca.attname::text as column, format('%I.%I', pn.nspname, p.relname) as parent, pa.attname::text as "parentColumn"
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace cn on cn.oid = c.relnamespace
      join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
      join pg_attribute ca on ca.attrelid = k.conrelid and ca.attnum = k.conkey[1]
      join pg_attribute pa on pa.attrelid = k.confrelid and pa.attnum = k.confkey[1]
     where k.contype = 'f' and cn.nspname = 'public'`);
  return [...keys, ...live];
}
