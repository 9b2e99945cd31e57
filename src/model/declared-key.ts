import * as v from 'valibot';
import { nearest } from '../names';
import { parseKeyPlace, type KeyPlace } from './key-place';

/** One entry of a list of foreign keys, read. */
export interface DeclaredKey {
  /** `foreignKeys[2]`. */
  readonly where: string;
  readonly child: KeyPlace;
  readonly parent: KeyPlace;
  readonly written: v.InferOutput<typeof entrySchema>;
}

/** Reads one entry; adds to `problems` and returns nothing when it cannot be read. */
export function parseDeclaredKey(entry: unknown, where: string, problems: string[]): readonly DeclaredKey[] {
  const parsed = v.safeParse(entrySchema, entry);
  if (!parsed.success) {
    problems.push(...parsed.issues.map((issue) => explain(issue, where)));
    return [];
  }
  const [child, parent] = [parseKeyPlace(parsed.output.child), parseKeyPlace(parsed.output.parent)];
  if (!child || !parent) return [];
  if (child.columns.length !== parent.columns.length) {
    problems.push(
      `${where} has ${child.columns.length} child column(s) and ${parent.columns.length} parent column(s)`,
    );
    return [];
  }
  const { type } = parsed.output;
  if (type && type.length !== child.columns.length) {
    problems.push(`${where}.type has ${type.length} entries for ${child.columns.length} child column(s)`);
    return [];
  }
  const wrong = columnsProblem(child.columns, parsed.output);
  if (wrong) {
    problems.push(`${where}.onDeleteColumns ${wrong}`);
    return [];
  }
  return [{ where, child, parent, written: parsed.output }];
}

/** Only SET NULL and SET DEFAULT take a list of columns, and only of the key's own (42601 and 42P10 otherwise). */
function columnsProblem(
  child: readonly string[],
  { onDelete, onDeleteColumns }: Pick<v.InferOutput<typeof entrySchema>, 'onDelete' | 'onDeleteColumns'>,
): string | undefined {
  if (!onDeleteColumns) return undefined;
  if (onDelete !== 'SET NULL' && onDelete !== 'SET DEFAULT') return 'needs onDelete SET NULL or SET DEFAULT';
  const foreign = onDeleteColumns.find((column) => !child.includes(column));
  return foreign === undefined ? undefined : `names "${foreign}", which is no column of the key`;
}

const ACTIONS = ['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'] as const;
const DEFERRABLE = ['INITIALLY DEFERRED', 'INITIALLY IMMEDIATE', 'NOT DEFERRABLE'] as const;

const oneOf = <const T extends readonly string[]>(values: T) =>
  v.pipe(
    v.string('must be text'),
    v.toUpperCase(),
    v.picklist(values, `must be one of ${values.map((value) => `"${value}"`).join(', ')}`),
  );

const place = v.pipe(
  v.string('must be text such as "schema.table(column)"'),
  v.check(
    (text) => parseKeyPlace(text) !== undefined,
    (issue) => `is ${JSON.stringify(issue.input)}; write it as "schema.table(column, …)"`,
  ),
);

const typeText = v.pipe(v.string('must be text such as "integer"'), v.nonEmpty('must not be empty'));
const types = v.union(
  [
    v.pipe(
      typeText,
      v.transform((type) => [type]),
    ),
    v.array(typeText),
  ],
  'must be text such as "integer", or a list of it with one entry for each column',
);

const entrySchema = v.strictObject(
  {
    child: place,
    parent: place,
    onDelete: v.optional(oneOf(ACTIONS)),
    onUpdate: v.optional(oneOf(ACTIONS)),
    deferrable: v.optional(oneOf(DEFERRABLE)),
    type: v.optional(types),
    onDeleteColumns: v.optional(
      v.pipe(
        v.array(v.string('must be text'), 'must be a list of columns'),
        v.minLength(1, 'must be a list of columns'),
      ),
    ),
  },
  'must be an object with "child" and "parent"',
);

function explain(issue: v.BaseIssue<unknown>, where: string): string {
  const key = v.getDotPath(issue);
  if (key === null) return `${where} ${issue.message}`;
  if (issue.type !== 'strict_object') return `${where}.${key} ${issue.message}`;
  if (issue.expected !== 'never') return `${where}.${key} is missing`;
  const suggestion = nearest(key, Object.keys(entrySchema.entries));
  return `${where}.${key} is not known${suggestion ? `; did you mean "${suggestion}"?` : ''}`;
}
