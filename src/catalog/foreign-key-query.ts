import { sql, type Sql } from '../sql';
import { among } from './among';
import type { OutsideParent } from './key-equality';

/** One key as the query has it: tables, columns and operators by their oids and numbers. */
export interface ReadKey {
  readonly oid: number;
  readonly name: string;
  readonly child: number;
  readonly parent: number;
  readonly childColumns: readonly number[];
  readonly parentColumns: readonly number[];
  readonly operators: readonly string[];
  readonly outside: OutsideParent | null;
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly setColumns: readonly number[] | null;
  readonly matchFull: true | null;
  readonly temporal: true | null;
  readonly validated: boolean;
  readonly enforced: boolean;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  readonly inherited: boolean;
  readonly triggersEnabled: boolean;
  readonly definition: string;
}

// A list of all columns is no other action than no list.
/** One row for each foreign key, or for those of tables in some schemas: `foreign_key` is a `ReadKey`. */
export const foreignKeyQuery = (version: number, schemas?: readonly string[]): Sql => sql`
with recursive
unfenced(oid) as (${keysWithADisabledTrigger})
select json_build_object(
  'oid', con.oid::bigint,
  'name', con.conname,
  'child', con.conrelid::bigint,
  'parent', con.confrelid::bigint,
  'childColumns', con.conkey,
  'parentColumns', con.confkey,
  'operators', con.conpfeqop,
  'outside', ${schemas ? outside(schemas) : sql`null`},
  'onDelete', con.confdeltype,
  'onUpdate', con.confupdtype,
  'setColumns', ${version >= 150000 ? sql`case when cardinality(con.confdelsetcols) < cardinality(con.conkey) then con.confdelsetcols end` : sql`null`},
  'matchFull', case when con.confmatchtype = 'f' then true end,
  'temporal', ${version >= 180000 ? sql`case when con.conperiod then true end` : sql`null`},
  'validated', con.convalidated,
  'enforced', ${version >= 180000 ? sql`con.conenforced` : sql`true`},
  'deferrable', con.condeferrable,
  'initiallyDeferred', con.condeferred,
  'inherited', con.conparentid <> 0,
  'triggersEnabled', unfenced.oid is null,
  'definition', pg_get_constraintdef(con.oid)) as foreign_key
from pg_catalog.pg_constraint con
left join unfenced on unfenced.oid = con.oid
where con.contype = 'f' and ${schemas ? ofTablesIn(schemas) : sql`true`}`;

/** As an array, which is looked up in the index of `pg_constraint`; a list that is joined makes PostgreSQL go through all keys of a database. */
const ofTablesIn = (schemas: readonly string[]): Sql => sql`con.conrelid = any (array(
    select class.oid from pg_catalog.pg_class class join pg_catalog.pg_namespace namespace on namespace.oid = class.relnamespace
     where class.relkind in ('r', 'p') and ${among(sql`namespace.nspname`, schemas)}))`;

/** A parent in a schema that is not read: then the key itself brings its name and columns. */
const outside = (schemas: readonly string[]): Sql => sql`(
    select json_build_object('schema', namespace.nspname, 'name', class.relname, 'columns', (
        select json_agg(json_build_array(attribute.attnum, attribute.attname, attribute.atttypid::bigint,
                 attribute.attcollation::bigint, collation_schema.nspname, collating.collname))
          from pg_catalog.pg_attribute attribute
          left join pg_catalog.pg_collation collating on collating.oid = attribute.attcollation
          left join pg_catalog.pg_namespace collation_schema on collation_schema.oid = collating.collnamespace
         where attribute.attrelid = class.oid and attribute.attnum = any (con.confkey)))
      from pg_catalog.pg_class class join pg_catalog.pg_namespace namespace on namespace.oid = class.relnamespace
     where class.oid = con.confrelid and not ${among(sql`namespace.nspname`, schemas)})`;

// Triggers of a partitioned key hang on the keys of its partitions: one that is off opens the whole key.
// 'R' fires on replicas only, which is as good as off.
const keysWithADisabledTrigger = sql`
  select tgconstraint from pg_catalog.pg_trigger where tgconstraint <> 0 and tgenabled in ('D', 'R')
  union
  select con.conparentid from unfenced join pg_catalog.pg_constraint con on con.oid = unfenced.oid
  where con.conparentid <> 0`;
