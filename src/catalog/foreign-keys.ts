import type { Session } from '../db';
import type { ReferentialAction, TableName } from '../schema';
import type { ForeignKey, Server } from './catalog';
import { byBytes } from './byte-order';
import { foreignKeyQuery, type ReadKey } from './foreign-key-query';
import { equalitiesOf, outsideParent, readOperators, type KeyColumn } from './key-equality';
import { json } from './row';
import type { ReadTable } from './tables';

/** Reads every foreign key of these tables, which `readTables` has given, in order of their names. */
export async function readForeignKeys(
  session: Session,
  server: Server,
  tables: readonly ReadTable[],
  schemas?: readonly string[],
): Promise<readonly ForeignKey[]> {
  const rows = await session.query(foreignKeyQuery(server.version, schemas));
  const read = rows.map((row) => json<ReadKey>(row, 'foreign_key'));
  const operators = await readOperators(session, new Set(read.flatMap(({ operators: oids }) => oids)));
  const known = new Map(tables.map((each, order) => [each.table.oid, { ...sideOf(each), order }]));
  return read
    .flatMap((key) => {
      const child = known.get(key.child);
      const parent = known.get(key.parent) ?? (key.outside ? outsideParent(key.outside) : undefined);
      // A table that was made after the tables were read: a later look sees both.
      if (!child || !parent) return [];
      return [{ order: child.order, key: keyFrom(key, child, parent, operators) }];
    })
    .sort((a, b) => a.order - b.order || byBytes(a.key.name, b.key.name) || a.key.oid - b.key.oid)
    .map(({ key }) => key);
}

/** The table on one side of a key. */
export interface Side {
  readonly name: TableName;
  column(number: number): KeyColumn | undefined;
}

const sideOf = ({ table, columns }: ReadTable): Side => ({
  name: table.name,
  column(number) {
    const found = columns.find((each) => each.number === number);
    return (
      found && {
        name: found.column.name,
        typeOid: found.typeOid,
        collationOid: found.collationOid,
        collation: found.column.equality.collation,
      }
    );
  },
});

function keyFrom(
  read: ReadKey,
  child: Side,
  parent: Side,
  operators: Parameters<typeof equalitiesOf>[1],
): ForeignKey {
  const pairs = read.childColumns.map((number, i) => ({
    operator: read.operators[i] ?? '',
    child: columnOf(child, number),
    parent: columnOf(parent, read.parentColumns[i]),
  }));
  const setColumns = read.setColumns?.toSorted((a, b) => a - b).map((number) => columnOf(child, number).name);
  return {
    oid: read.oid,
    name: read.name,
    child: child.name,
    childColumns: pairs.map((pair) => pair.child.name),
    parent: parent.name,
    parentColumns: pairs.map((pair) => pair.parent.name),
    onDelete: actionOf(read.onDelete),
    onUpdate: actionOf(read.onUpdate),
    ...(setColumns && { setColumns }),
    ...(read.matchFull && { matchFull: read.matchFull }),
    ...(read.temporal && { temporal: read.temporal }),
    validated: read.validated,
    enforced: read.enforced,
    deferrable: read.deferrable,
    initiallyDeferred: read.initiallyDeferred,
    inherited: read.inherited,
    triggersEnabled: read.triggersEnabled,
    equality: equalitiesOf(pairs, operators),
    definition: read.definition,
  };
}

function columnOf({ name, column }: Side, number = 0): KeyColumn {
  const found = column(number);
  if (!found) throw new Error(`${name.schema}.${name.name} has no column number ${number}`);
  return found;
}

/** `confdeltype` and `confupdtype` in the words of the DDL. */
const actionOf = (letter: string): ReferentialAction => ACTIONS[letter] ?? 'NO ACTION';

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
  r: 'RESTRICT',
};
