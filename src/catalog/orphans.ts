import { uncastable } from '../changes/cast-statement';
import type { OrphanCondition } from '../changes/change';
import type { Operator, TableName } from '../schema';
import { identifier, join, operator, qualified, sql, type Sql } from '../sql';

/** Two keys side by side, as rows of the tables behind two aliases. */
export interface KeyMatch {
  readonly parent: Sql;
  readonly parentColumns: readonly string[];
  readonly child: Sql;
  readonly childColumns: readonly string[];
  readonly equality: readonly Operator[];
}

/**
 * True for a row of `childAlias` that is an orphan: no column of its key is null (MATCH SIMPLE; manual, 5.4.5) and
 * no parent has the key.
 *
 * Never with ONLY: on a partitioned parent it would make every child an orphan.
 */
export function orphanPredicate(condition: OrphanCondition, childAlias: Sql): Sql {
  if (condition.uncastable)
    return sql`(${join(
      condition.uncastable.map((cast) => uncastable(sql`${childAlias}.${identifier(cast.column)}`, cast)),
      ' or ',
    )})`;
  const parent = sql`"fk_guard_parent"`;
  const complete = condition.childColumns.map(
    (column) => sql`${childAlias}.${identifier(column)} is not null`,
  );
  const match = keyMatch({ ...condition, parent, child: childAlias });
  return sql`${join(complete, ' and ')} and not exists (select from ${qualified(condition.parent)} as ${parent} where ${match})`;
}

/** True when the child's key names the parent's row, by the equality that the foreign key itself uses. */
export function keyMatch(match: KeyMatch): Sql {
  const { parentColumns, childColumns, equality } = match;
  if (
    parentColumns.length === 0 ||
    childColumns.length !== parentColumns.length ||
    equality.length !== parentColumns.length
  )
    throw new Error('a key needs as many columns as its parent, and an equality for each');
  const pairs = equality.map((equal, position) => {
    const parent = sql`${match.parent}.${identifier(parentColumns[position] ?? '')}${cast(equal.operands?.[0])}`;
    const child = sql`${match.child}.${identifier(childColumns[position] ?? '')}${cast(equal.operands?.[1])}`;
    return sql`${parent} ${operator(equal)} ${child}${collate(equal)}`;
  });
  return join(pairs, ' and ');
}

/** As PostgreSQL's own triggers do it, so that no other operator can be chosen. */
const cast = (type: TableName | undefined): Sql => (type ? sql`::${qualified(type)}` : sql``);

/** Without it the child's collation could win, or neither (42P22); a key is always checked under the parent's. */
function collate({ collation }: Operator): Sql {
  return collation ? sql` collate ${identifier(collation.schema)}.${identifier(collation.name)}` : sql``;
}
