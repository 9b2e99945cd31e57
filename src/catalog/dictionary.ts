import type { Operator, TableName } from '../schema';
import type { ColumnKind } from './columns';
import { once } from './once';
import type { Parts } from './parts';

/** Numbers of the catalog whose words are asked for. */
export interface Numbers {
  readonly kinds: readonly ColumnKind[];
  readonly operatorClasses: ReadonlySet<number>;
  readonly operators: ReadonlySet<number>;
  /** Tables with an index that is not valid: of those it is asked whether one is being built. */
  readonly unfinished: readonly string[];
}

/** An operator of `pg_operator` with what it takes. */
export interface TypedOperator {
  readonly schema: string;
  readonly name: string;
  /** A pseudo-type (`anyenum`) is no type to convert to. */
  readonly operands: readonly { readonly oid: number; readonly type: TableName; readonly pseudo: boolean }[];
}

/** What the numbers say. */
export interface Dictionary {
  /** The type, and its own equality under the column's collation. Columns of one kind share the answer. */
  readonly column: (kind: ColumnKind) => { readonly type: string; readonly equality: Operator };
  readonly collation: (oid: number) => TableName | undefined;
  /** The equality of an operator class. */
  readonly equality: (operatorClass: number) => TableName;
  readonly operator: (oid: number) => TypedOperator;
}

export const typeKey = ({ type, modifier }: ColumnKind): string => `${type},${modifier}`;

export function dictionaryOf(parts: Parts): Dictionary {
  const pairs = (part: string): ReadonlyMap<string, TableName> =>
    new Map([...parts(part)].map(([key, { one, two }]) => [key, { schema: one ?? '', name: two ?? '' }]));
  const [types, collations, classes] = [pairs('type'), pairs('collation'), pairs('operator class')];
  const operators = new Map(
    [...parts('operator')].map(([oid, { one }]) => [oid, JSON.parse(one ?? '') as TypedOperator]),
  );
  const collation = (oid: number): TableName | undefined => collations.get(String(oid));
  return {
    column: once((kind) => {
      const { schema, name: type } = known(types.get(typeKey(kind)));
      const under = collation(kind.collation);
      return { type, equality: { schema, name: '=', ...(under && { collation: under }) } };
    }),
    collation,
    equality: (operatorClass) => known(classes.get(String(operatorClass))),
    operator: (oid) => known(operators.get(String(oid))),
  };
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the server was not asked for a word of its catalog');
  return value;
}
