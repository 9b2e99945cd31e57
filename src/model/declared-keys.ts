import { FkGuardError } from '../errors';
import { tableId } from '../names';
import type { DeclaredAction, Expected, ModelTable, Relation } from '../expected';
import type { ReferentialAction, TableReference } from '../schema';
import { parseDeclaredKey, type DeclaredKey } from './declared-key';
import type { KeyPlace } from './key-place';

/** One foreign key written by hand, for databases whose application does not use Sequelize. */
export interface ForeignKeyDeclaration {
  /** `schema.table(column, …)`. Names keep their case; quote those with dots, spaces or parentheses: `"My Table"`. */
  readonly child: string;
  /** `schema.table(column, …)`, as many columns as the child has. */
  readonly parent: string;
  /** Left out, it is PostgreSQL's NO ACTION, which then counts as a default and is never enforced on a live key. */
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  /** What SET NULL or SET DEFAULT changes; all key columns when left out, and a list that a live key has is then kept. */
  readonly onDeleteColumns?: readonly string[];
  readonly deferrable?: 'INITIALLY DEFERRED' | 'INITIALLY IMMEDIATE' | 'NOT DEFERRABLE';
  /** The type that the child's column should have, one for each column of a composite key. Without it no type is changed. */
  readonly type?: string | readonly string[];
}

/**
 * Hand-written declarations as the same data that models are read into. A relation's id is the child's name and
 * columns, `public.orders.user_id`. Throws `CONFIG` that names every wrong entry at once, `NO_MODELS` for an empty list.
 */
export function parseForeignKeys(declarations: unknown): Expected {
  if (!Array.isArray(declarations)) throw invalid(['"foreignKeys" must be a list of { child, parent }']);
  if (declarations.length === 0) {
    throw new FkGuardError(
      'NO_MODELS',
      'The list of foreign keys is empty: there is nothing to compare.',
      SHAPE,
    );
  }
  const problems: string[] = [];
  const keys = declarations.flatMap((entry: unknown, index) =>
    parseDeclaredKey(entry, `foreignKeys[${index}]`, problems),
  );
  problems.push(...declaredTwice(keys));
  if (problems.length > 0) throw invalid(problems);
  return { tables: tablesOf(keys), relations: keys.map(relationOf) };
}

const SHAPE =
  'Write each key as { child: "schema.table(column)", parent: "schema.table(column)", onDelete: "CASCADE" }.';

const invalid = (problems: readonly string[]): FkGuardError =>
  new FkGuardError('CONFIG', `Invalid foreign keys: ${problems.join('; ')}.`, SHAPE);

function declaredTwice(keys: readonly DeclaredKey[]): readonly string[] {
  return keys.flatMap((key, index) => {
    const earlier = keys.slice(0, index).find((other) => relationId(other.child) === relationId(key.child));
    return earlier
      ? [`${key.where} and ${earlier.where} declare the same columns, ${relationId(key.child)}`]
      : [];
  });
}

const relationId = (child: KeyPlace): string => `${tableId(child.table)}.${child.columns.join(',')}`;

function relationOf({ child, parent, written }: DeclaredKey): Relation {
  return {
    id: relationId(child),
    model: tableId(child.table),
    attribute: child.columns.join(','),
    child: child.table,
    childColumns: child.columns,
    parent: parent.table,
    parentColumns: parent.columns,
    onDelete: declaredAction(written.onDelete),
    onUpdate: declaredAction(written.onUpdate),
    ...(written.onDeleteColumns && { onDeleteColumns: written.onDeleteColumns }),
    ...(written.deferrable && { deferrable: written.deferrable }),
    ...(written.type && { childTypes: written.type }),
    declarations: [{ text: `${written.child} -> ${written.parent}`, parent: parent.table }],
  };
}

/** PostgreSQL's own default is NO ACTION (manual, "CREATE TABLE"). */
const declaredAction = (written: ReferentialAction | undefined): DeclaredAction =>
  written ? { resolved: written, explicit: [written] } : { resolved: 'NO ACTION', explicit: [] };

/** Each table once, with the columns that some key mentions; primary keys are not declared here, so none is missed. */
function tablesOf(keys: readonly DeclaredKey[]): readonly ModelTable[] {
  const columns = new Map<string, { table: TableReference; names: Set<string> }>();
  for (const { table, columns: names } of keys.flatMap((key) => [key.child, key.parent])) {
    const known = columns.get(tableId(table)) ?? { table, names: new Set() };
    columns.set(tableId(table), known);
    for (const name of names) known.names.add(name);
  }
  return [...columns].map(([model, { table, names }]) => ({
    model,
    table,
    columns: [...names],
    primaryKey: [],
    indexes: [],
  }));
}
