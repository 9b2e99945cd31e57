import { escapeIdentifier } from 'pg';
import type { TestDatabase } from '../postgres/database';

/** Every row of every table of the application, each as the text forms of its columns. */
export type Picture = ReadonlyMap<string, readonly string[]>;

/** What stands in the tables now; the guard's own are left out. */
export async function takePicture(database: TestDatabase, ledger = 'fk_guard'): Promise<Picture> {
  const tables = await database.query<{ id: string; columns: string }>(
    `select format('%I.%I', n.nspname, c.relname) as id,
            (select string_agg(format('%1$L, case when t.%2$I is distinct from null then format(''%%s'', t.%2$I) end', a.attname, a.attname), ', ' order by a.attnum)
               from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema', $1)
      order by 1`,
    [ledger],
  );
  const picture = new Map<string, readonly string[]>();
  for (const { id, columns } of tables) {
    const rows = await database.query<{ row: object }>(
      `select jsonb_build_object(${columns}) as row from ${id} t`,
    );
    picture.set(id, rows.map(({ row }) => canonical(row)).sort());
  }
  return picture;
}

/**
 * Holds the tables against the quarantine: every row that is not as it was has its copy, with its old values; every
 * copy is of such a row; and a changed row differs from its copy in the named columns only, which are null or what
 * `defaults` says for `schema.table.column`.
 */
export async function expectAccounted(
  database: TestDatabase,
  before: Picture,
  defaults: Readonly<Record<string, string>> = {},
  ledger = 'fk_guard',
): Promise<void> {
  const after = await takePicture(database, ledger);
  const copies = await database.query<Copy>(
    `select format('%I.%I', table_schema, table_name) as id, action, row_data, changed_columns as changed from ${escapeIdentifier(ledger)}.quarantine`,
  );
  const rows = copies.map((copy) => ({ ...copy, id: before.has(copy.id) ? copy.id : `unknown: ${copy.id}` }));
  expect(differences(before, after)).toEqual(
    new Map(
      [...before.keys()].flatMap((id) =>
        expected(
          id,
          rows.filter((copy) => copy.id === id),
          defaults,
        ),
      ),
    ),
  );
  expect(rows.filter(({ id }) => !before.has(id))).toEqual([]);
}

interface Copy {
  readonly id: string;
  readonly action: 'delete' | 'change';
  readonly row_data: Readonly<Record<string, string | null>>;
  readonly changed: readonly string[];
}

interface Difference {
  readonly gone: readonly string[];
  readonly came: readonly string[];
}

function differences(before: Picture, after: Picture): ReadonlyMap<string, Difference> {
  return new Map(
    [...before].flatMap(([id, rows]) => {
      const now = after.get(id) ?? [];
      const [gone, came] = [lacking(rows, now), lacking(now, rows)];
      return gone.length + came.length > 0 ? [[id, { gone, came }]] : [];
    }),
  );
}

function expected(
  id: string,
  copies: readonly Copy[],
  defaults: Readonly<Record<string, string>>,
): readonly (readonly [string, Difference])[] {
  const changed = copies.filter(({ action }) => action === 'change');
  const afterwards = changed.map(({ row_data, changed: columns }) =>
    canonical({
      ...row_data,
      ...Object.fromEntries(columns.map((c) => [c, defaults[`${id}.${c}`] ?? null])),
    }),
  );
  const gone = copies.map(({ row_data }) => canonical(row_data)).sort();
  return copies.length > 0 ? [[id, { gone, came: afterwards.sort() }]] : [];
}

/** The rows of one list that the other lacks, as often as it lacks them. */
function lacking(rows: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return rows.filter((row) => {
    const at = left.indexOf(row);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** A row as a picture holds it. */
export const canonical = (row: object): string =>
  JSON.stringify(Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))));
