import type { Sequelize } from 'sequelize';
import type { Judge } from '../../postgres/judge';
import { OURS } from './rows';

/** One foreign key of a healthy database, by PostgreSQL's own catalog. */
export interface LiveKey {
  /** `Model.attribute` of the models. */
  readonly relation: string;
  readonly name: string;
  /** `schema.table`, quoted. */
  readonly child: string;
  readonly column: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly parent: string;
  readonly parentColumn: string;
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  /** `pg_get_constraintdef`. */
  readonly definition: string;
  /** The unique index that it rests on, and how to drop that. */
  readonly index: { readonly id: number; readonly primary: boolean; readonly drop: string };
}

/** One table of the models. */
export interface LiveTable {
  readonly model: string;
  readonly name: string;
  readonly primaryKey: string | null;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly key: boolean }[];
}

/** What there is to damage. */
export interface Site {
  readonly keys: readonly LiveKey[];
  readonly tables: readonly LiveTable[];
}

/** Reads a healthy database, and gives its keys and tables the names that the models have for them. */
export async function readSite(database: Judge, sequelize: Sequelize): Promise<Site> {
  const relations = new Map<string, string>();
  const models = new Map<string, string>();
  for (const model of Object.values(sequelize.models)) {
    const table = storedName(model.getTableName());
    if (!models.has(table)) models.set(table, model.name);
    for (const [name, { references, field }] of Object.entries(model.getAttributes())) {
      const column = `${table}.${(field ?? name).replaceAll('"', '')}`;
      if (references && !relations.has(column)) relations.set(column, `${model.name}.${name}`);
    }
  }
  const keys = await database.query<LiveKey & { plain: string }>(KEYS);
  const tables = await database.query<LiveTable & { plain: string }>(TABLES);
  return {
    keys: keys.map((key) => ({ ...key, relation: known(relations, key.plain) })),
    tables: tables.map((table) => ({ ...table, model: known(models, table.plain) })),
  };
}

function known(names: ReadonlyMap<string, string>, place: string): string {
  const name = names.get(place);
  if (name === undefined) throw new Error(`no model knows ${place}`);
  return name;
}

/** A table as Sequelize stores it: in `public`, and without quotes in its name. */
function storedName(table: string | { tableName: string; schema?: string }): string {
  const { tableName, schema } = typeof table === 'string' ? { tableName: table, schema: '' } : table;
  return `${schema || 'public'}.${tableName}`.replaceAll('"', '');
}

const ACTION = (column: string): string =>
  `case ${column} when 'c' then 'CASCADE' when 'n' then 'SET NULL' when 'd' then 'SET DEFAULT' when 'r' then 'RESTRICT' else 'NO ACTION' end`;

const KEYS = `
  select format('%s.%s.%s', cn.nspname, c.relname, ca.attname) as plain, k.conname as name,
         format('%I.%I', cn.nspname, c.relname) as child, ca.attname as column, format_type(ca.atttypid, null) as type,
         ca.attnotnull as "notNull", format('%I.%I', pn.nspname, p.relname) as parent, pa.attname as "parentColumn",
         ${ACTION('k.confdeltype')} as "onDelete", ${ACTION('k.confupdtype')} as "onUpdate",
         k.condeferrable as deferrable, k.condeferred as "initiallyDeferred",
         pg_get_constraintdef(k.oid) as definition,
         json_build_object('id', i.indexrelid::bigint, 'primary', i.indisprimary, 'drop', coalesce(
           (select format('alter table %I.%I drop constraint %I', pn.nspname, p.relname, u.conname)
              from pg_constraint u where u.conindid = i.indexrelid and u.contype in ('p', 'u')),
           format('drop index %s', i.indexrelid::regclass)) || ' cascade') as index
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid join pg_namespace cn on cn.oid = c.relnamespace
    join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
    join pg_attribute ca on ca.attrelid = k.conrelid and ca.attnum = k.conkey[1]
    join pg_attribute pa on pa.attrelid = k.confrelid and pa.attnum = k.confkey[1]
    join pg_index i on i.indexrelid = k.conindid
   where k.contype = 'f' and cn.nspname <> 'fk_guard' order by cn.nspname collate "C", c.relname collate "C", k.conname collate "C"`;

const TABLES = `
  select format('%s.%s', n.nspname, c.relname) as plain, format('%I.%I', n.nspname, c.relname) as name,
         (select k.conname from pg_constraint k where k.conrelid = c.oid and k.contype = 'p') as "primaryKey",
         json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null), 'key',
           exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and i.indnkeyatts = 1
                                            and i.indpred is null and i.indkey[0] = a.attnum)) order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where c.relkind = 'r' and ${OURS}
   group by n.nspname, c.relname, c.oid order by n.nspname collate "C", c.relname collate "C"`;
