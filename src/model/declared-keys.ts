import * as v from 'valibot';
import { FkGuardError } from '../errors';
import { nearest, tableId } from '../names';
import type { DeclaredAction, Expected, ModelTable, ReferentialAction, Relation, TableReference } from '../schema';
import { parseKeyPlace, type KeyPlace } from './key-place';

/** One foreign key written by hand, for databases whose application does not use Sequelize. */
export interface ForeignKeyDeclaration {
  /** `schema.table(column, …)`. Names keep their case; quote those with dots, spaces or parentheses: `"My Table"`. */
  readonly child: string;
  /** `schema.table(column, …)`, as many columns as the child has. */
  readonly parent: string;
  /** Left out, it is PostgreSQL's NO ACTION, which then counts as a default and is never enforced on a live key. */
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  readonly deferrable?: 'INITIALLY DEFERRED' | 'INITIALLY IMMEDIATE';
}

/**
 * Hand-written declarations as the same data that models are read into. A relation's id is the child's name and
 * columns, `public.orders.user_id`. Throws `CONFIG` that names every wrong entry at once, `NO_MODELS` for an empty list.
 */
export function parseForeignKeys(declarations: unknown): Expected {
  if (!Array.isArray(declarations)) throw invalid(['"foreignKeys" must be a list of { child, parent }']);
  if (declarations.length === 0) {
    throw new FkGuardError('NO_MODELS', 'The list of foreign keys is empty: there is nothing to compare.', SHAPE);
  }
  const problems: string[] = [];
  const keys = declarations.flatMap((entry: unknown, index) => parseEntry(entry, `foreignKeys[${index}]`, problems));
  problems.push(...declaredTwice(keys));
  if (problems.length > 0) throw invalid(problems);
  return { tables: tablesOf(keys), relations: keys.map(relationOf) };
}

const SHAPE = 'Write each key as { child: "schema.table(column)", parent: "schema.table(column)", onDelete: "CASCADE" }.';

const invalid = (problems: readonly string[]): FkGuardError =>
  new FkGuardError('CONFIG', `Invalid foreign keys: ${problems.join('; ')}.`, SHAPE);

const ACTIONS = ['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'] as const;
const DEFERRABLE = ['INITIALLY DEFERRED', 'INITIALLY IMMEDIATE'] as const;

const oneOf = <const T extends readonly string[]>(values: T) =>
  v.pipe(
    v.string('must be text'),
    v.toUpperCase(),
    v.picklist(values, `must be one of ${values.map((value) => `"${value}"`).join(', ')}`),
  );

const place = v.pipe(
  v.string('must be text such as "schema.table(column)"'),
  v.check((text) => parseKeyPlace(text) !== undefined, (issue) => `is ${JSON.stringify(issue.input)}; write it as "schema.table(column, …)"`),
);

const entrySchema = v.strictObject(
  {
    child: place,
    parent: place,
    onDelete: v.optional(oneOf(ACTIONS)),
    onUpdate: v.optional(oneOf(ACTIONS)),
    deferrable: v.optional(oneOf(DEFERRABLE)),
  },
  'must be an object with "child" and "parent"',
);

interface Key {
  readonly where: string;
  readonly child: KeyPlace;
  readonly parent: KeyPlace;
  readonly written: v.InferOutput<typeof entrySchema>;
}

function parseEntry(entry: unknown, where: string, problems: string[]): readonly Key[] {
  const parsed = v.safeParse(entrySchema, entry);
  if (!parsed.success) {
    problems.push(...parsed.issues.map((issue) => explain(issue, where)));
    return [];
  }
  const [child, parent] = [parseKeyPlace(parsed.output.child), parseKeyPlace(parsed.output.parent)];
  if (!child || !parent) return [];
  if (child.columns.length !== parent.columns.length) {
    problems.push(`${where} has ${child.columns.length} child column(s) and ${parent.columns.length} parent column(s)`);
    return [];
  }
  return [{ where, child, parent, written: parsed.output }];
}

function explain(issue: v.BaseIssue<unknown>, where: string): string {
  const key = v.getDotPath(issue);
  if (key === null) return `${where} ${issue.message}`;
  if (issue.type !== 'strict_object') return `${where}.${key} ${issue.message}`;
  if (issue.expected !== 'never') return `${where}.${key} is missing`;
  const suggestion = nearest(key, Object.keys(entrySchema.entries));
  return `${where}.${key} is not known${suggestion ? `; did you mean "${suggestion}"?` : ''}`;
}

function declaredTwice(keys: readonly Key[]): readonly string[] {
  return keys.flatMap((key, index) => {
    const earlier = keys.slice(0, index).find((other) => relationId(other.child) === relationId(key.child));
    return earlier ? [`${key.where} and ${earlier.where} declare the same columns, ${relationId(key.child)}`] : [];
  });
}

const relationId = (child: KeyPlace): string => `${tableId(child.table)}.${child.columns.join(',')}`;

function relationOf({ child, parent, written }: Key): Relation {
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
    ...(written.deferrable && { deferrable: written.deferrable }),
    declarations: [{ text: `${written.child} -> ${written.parent}`, parent: parent.table }],
  };
}

/** PostgreSQL's own default is NO ACTION (manual, "CREATE TABLE"). */
const declaredAction = (written: ReferentialAction | undefined): DeclaredAction =>
  written ? { resolved: written, explicit: [written] } : { resolved: 'NO ACTION', explicit: [] };

/** Each table once, with the columns that some key mentions; primary keys are not declared here, so none is missed. */
function tablesOf(keys: readonly Key[]): readonly ModelTable[] {
  const columns = new Map<string, { table: TableReference; names: Set<string> }>();
  for (const { table, columns: names } of keys.flatMap((key) => [key.child, key.parent])) {
    const known = columns.get(tableId(table)) ?? { table, names: new Set() };
    columns.set(tableId(table), known);
    for (const name of names) known.names.add(name);
  }
  return [...columns].map(([model, { table, names }]) => ({ model, table, columns: [...names], primaryKey: [], indexes: [] }));
}
