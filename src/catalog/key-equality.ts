import type { Session } from '../db';
import type { Operator, TableName } from '../schema';
import { sql } from '../sql';
import type { Side } from './foreign-keys';
import { json } from './row';

/** A column on one side of a key. */
export interface KeyColumn {
  readonly name: string;
  readonly typeOid: number;
  readonly collationOid: number;
  readonly collation: TableName | undefined;
}

/** A type as an operator takes it. */
interface Operand extends TableName {
  readonly oid: number;
  /** True for a polymorphic type, such as `anyarray`. */
  readonly pseudo: boolean;
}

interface KeyOperator {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly left: Operand;
  readonly right: Operand;
}

/** The operators that keys compare with; a database has a handful. */
export async function readOperators(
  session: Session,
  oids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, KeyOperator>> {
  if (oids.size === 0) return new Map();
  const rows = await session.query(operatorQuery, [`{${[...oids].join(',')}}`]);
  const operators = rows.map((row) => json<KeyOperator>(row, 'operator'));
  return new Map(operators.map((operator) => [operator.oid, operator]));
}

const operatorQuery = sql`
select json_build_object(
  'oid', operator.oid, 'schema', namespace.nspname, 'name', operator.oprname,
  'left', json_build_object('oid', left_type.oid::bigint, 'schema', left_schema.nspname, 'name', left_type.typname, 'pseudo', left_type.typtype = 'p'),
  'right', json_build_object('oid', right_type.oid::bigint, 'schema', right_schema.nspname, 'name', right_type.typname, 'pseudo', right_type.typtype = 'p')) as operator
from pg_catalog.pg_operator operator
join pg_catalog.pg_namespace namespace on namespace.oid = operator.oprnamespace
join pg_catalog.pg_type left_type on left_type.oid = operator.oprleft
join pg_catalog.pg_namespace left_schema on left_schema.oid = left_type.typnamespace
join pg_catalog.pg_type right_type on right_type.oid = operator.oprright
join pg_catalog.pg_namespace right_schema on right_schema.oid = right_type.typnamespace
where operator.oid = any ($1::oid[])`;

/** `conpfeqop` in words, for each pair of columns of a key. */
export const equalitiesOf = (
  pairs: readonly { readonly operator: string; readonly child: KeyColumn; readonly parent: KeyColumn }[],
  operators: ReadonlyMap<string, KeyOperator>,
): readonly Operator[] =>
  pairs.map(({ operator, child, parent }) => {
    const found = operators.get(operator);
    if (!found) throw new Error(`the server sent no operator ${operator}`);
    return equalityOf(found, child, parent);
  });

/**
 * A collation is named only where the columns differ in it, as PostgreSQL's own check does (the parent's wins). The
 * operator's types are named where a column has another one: by itself `character = text` compares as text, while a
 * key pads.
 */
function equalityOf(
  { schema, name, left, right }: KeyOperator,
  child: KeyColumn,
  parent: KeyColumn,
): Operator {
  const collation = parent.collationOid === child.collationOid ? undefined : parent.collation;
  const takesOthers =
    parent.typeOid !== child.typeOid &&
    (left.oid !== parent.typeOid || right.oid !== child.typeOid) &&
    !left.pseudo &&
    !right.pseudo;
  return {
    schema,
    name,
    ...(collation && { collation }),
    ...(takesOthers && { operands: [typeOf(left), typeOf(right)] as const }),
  };
}

const typeOf = ({ schema, name }: Operand): TableName => ({ schema, name });

/** A parent in a schema that was not read, with the columns that the key names. */
export interface OutsideParent extends TableName {
  readonly columns: readonly (readonly [
    number: number,
    name: string,
    typeOid: number,
    collationOid: number,
    collationSchema: string | null,
    collation: string | null,
  ])[];
}

export const outsideParent = ({ schema, name, columns }: OutsideParent): Side => ({
  name: { schema, name },
  column(wanted) {
    const found = columns.find(([number]) => number === wanted);
    if (!found) return undefined;
    const [, column, typeOid, collationOid, collationSchema, collation] = found;
    const named = collationSchema !== null && collation !== null;
    return {
      name: column,
      typeOid,
      collationOid,
      collation: named ? { schema: collationSchema, name: collation } : undefined,
    };
  },
});
