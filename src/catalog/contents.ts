import { join, sql, type Sql } from '../sql';
import { among } from './among';
import { columnParts } from './columns';
import { keyParts, keys, parentParts } from './foreign-keys';
import { indexParts } from './index-parts';
import { sideEffectParts, unusualTriggers } from './side-effects';
import { relations, sharedParts, tableParts } from './tables';

/** The part `constraints`: names of all constraints on each table. */
const constraintParts = sql`
select 'constraints', con.conrelid, json_agg(con.conname order by con.conname)::text, null, null, null
from pg_catalog.pg_constraint con where con.conrelid = any (array(select oid from relation)) group by con.conrelid`;

/**
 * The one statement that reads the contents of a database, or of some schemas: each part in rows of its own, to be put
 * together by oid.
 *
 * Joined to one row a table they would be sorted and copied again and again; as JSON objects the same few names would be
 * written for every column; and two statements could see two states of a schema that is being changed.
 */
export const contentsQuery = (version: number, schemas?: readonly string[]): Sql => sql`
with recursive ${join(
  [
    relations(schemas ? among(sql`namespace.nspname`, schemas) : sql`true`),
    keys(schemas !== undefined),
    unusualTriggers,
  ],
  ', ',
)}
select part, oid::text, one, two, three, four from (${join(
  [
    sharedParts,
    tableParts,
    columnParts,
    indexParts,
    constraintParts,
    sideEffectParts,
    keyParts(version),
    parentParts,
  ],
  ' union all ',
)}) as found(part, oid, one, two, three, four)`;
