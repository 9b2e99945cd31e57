import type { Column, Table, UserTrigger } from './catalog';
import type { NumberedColumns } from './columns';
import type { Dictionary } from './dictionary';
import { indexOf, isUnique, uniqueIndexOf, type NumberedIndex } from './indexes';
import { list, number, type Parts } from './parts';
import type { Right } from '../rights';
import type { TableName } from '../schema';

const KINDS: Readonly<Record<string, Table['kind']>> = {
  r: 'table',
  p: 'partitioned table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
};

/** What the rows of a table's parts say in numbers. */
export interface NumberedTable {
  readonly oid: string;
  readonly columns: NumberedColumns;
  readonly indexes: readonly NumberedIndex[];
}

/** Puts a table together from its parts. */
export function tableOf(table: NumberedTable, parts: Parts, dictionary: Dictionary): Table {
  const { oid, columns, indexes } = table;
  const row = parts('table').get(oid);
  const [, schema = '', owner = '', kind = '', estimatedRows, inherited, rowSecurity] = (
    row?.two ?? ''
  ).split(' ');
  const whole = parts('partition').get(oid);
  const partitioned = parts('partitioned').get(oid);
  const closed = parts('sequences').get(oid);
  return {
    oid: number(oid),
    name: { schema: parts('schema').get(schema)?.one ?? '', name: row?.one ?? '' },
    kind: KINDS[kind] ?? 'foreign table',
    columns: columnsOf(columns, dictionary),
    uniqueIndexes: indexes.filter(isUnique).map((index) => uniqueIndexOf(index, columns, dictionary)),
    indexes: indexes.map((index) => indexOf(index, columns, parts('unfinished').get(oid)?.one === 'true')),
    ...(whole && { partitionOf: { schema: whole.one ?? '', name: whole.two ?? '' } }),
    ...(partitioned && { partitionKey: list<string>(partitioned.one) }),
    ...(partitioned?.two === 'true' && { foreignPartitions: true }),
    inherited: inherited === 't',
    rowSecurity: rowSecurity === 't',
    ...(parts('subscribed').has(oid) && { subscribed: true }),
    estimatedRows: number(estimatedRows),
    triggers: list<UserTrigger>(parts('triggers').get(oid)?.one),
    rules: list<string>(parts('rules').get(oid)?.one),
    ...rightsOf(parts, schema, owner, row?.three),
    ...(closed && { closedSequences: list<TableName>(closed.one) }),
    constraints: list<string>(parts('constraints').get(oid)?.one),
  };
}

/** A table privilege is worth nothing without USAGE on the schema. Of a table with all rights no row says so. */
function rightsOf(
  parts: Parts,
  schema: string,
  owner: string,
  told: string | null | undefined,
): Pick<Table, 'may' | 'owner' | 'lacks'> {
  const ofSchema = list<Right>(parts('schema').get(schema)?.two);
  const role = parts('owner').get(owner);
  const { select, lock, lacks } = told
    ? (JSON.parse(told) as {
        readonly select: boolean;
        readonly lock: boolean;
        readonly lacks: readonly Right[];
      })
    : { select: true, lock: true, lacks: [] };
  const usable = !ofSchema.includes('USAGE');
  return {
    may: { own: role?.two === 'true', select: usable && select, lock: usable && lock },
    owner: role?.one ?? '',
    lacks: [...ofSchema, ...lacks],
  };
}

/** The columns that are still there, in words. */
function columnsOf({ names, kinds }: NumberedColumns, dictionary: Dictionary): readonly Column[] {
  const columns: Column[] = [];
  names.forEach((name, i) => {
    const kind = kinds[i];
    if (!kind || kind.type === 0) return;
    const { notNull, generated, identity } = kind;
    const { type, equality } = dictionary.column(kind);
    columns.push({ name, type, notNull, generated, identity, equality });
  });
  return columns;
}
