import { javascriptString } from '../../javascript-string';
import { counted } from '../../counted';
import type { Place } from '../../finding';
import { tableId } from '../../names';
import type { ForeignKeyExplanation } from './explanation';

/** What an explanation says in words, made of everything else in it. */
export type Facts = Omit<ForeignKeyExplanation, 'message' | 'suggestion'> & {
  /** The association from the child to its parent, as `include` and `ensure` name it. */
  readonly association?: string;
  /** The child's attribute that holds the key. */
  readonly attribute?: string;
  /** The columns of the parent whose values are numbers in code. */
  readonly numbers?: readonly string[];
  /** The live keys that need what was to be dropped or emptied. */
  readonly needing?: readonly string[];
};

/** The sentence for a person, and what to do about it. */
export const worded = (facts: Facts): Pick<ForeignKeyExplanation, 'message' | 'suggestion'> => ({
  message: MESSAGES[facts.problem](facts),
  suggestion: SUGGESTIONS[facts.problem](facts),
});

type Wording = (facts: Facts) => string;

const MESSAGES: Readonly<Record<Facts['problem'], Wording>> = {
  'missing-parent': (facts) =>
    `${childKey(facts)} names a parent that does not exist: there is no ${parentName(facts)}${at(facts)}${values(facts) || ' like it'}.${kept(facts)}`,
  violated: (facts) =>
    `${childKey(facts)} and its parent do not fit${named(facts)}: either the parent does not exist, or it was to go and still has children.${kept(facts)}`,
  'children-block': (facts) =>
    `${parentName(facts)}${values(facts)} cannot be deleted, nor get another key: ${children(facts)} to it by ${by(facts)}${named(facts)}.${kept(facts)}`,
  'set-null-on-not-null': (facts) =>
    `A ${parentName(facts)} cannot be deleted, nor get another key: ${childKey(facts)} would become null, and may not be null${named(facts)}.`,
  'default-without-parent': (facts) =>
    `A ${parentName(facts)} cannot be deleted: ${childKey(facts)} would get its default, and there is no ${parentName(facts)}${values(facts) || ' like it'}${named(facts)}.`,
  'no-unique-key': (facts) =>
    `${childKey(facts)} cannot refer to ${facts.parent ? columnsOf(facts.parent) : 'its parent'}: no primary key, unique constraint or unique index covers exactly that.`,
  'incompatible-types': (facts) =>
    `${childKey(facts)} cannot refer to ${facts.parent ? columnsOf(facts.parent) : 'its parent'}: PostgreSQL does not compare their types.`,
  'needed-by-key': ({ needing = [] }) =>
    needing.length > 0
      ? `It cannot go, because foreign keys need it: ${needing.join(', ')}.`
      : 'It cannot go, because a foreign key needs it.',
};

const SUGGESTIONS: Readonly<Record<Facts['problem'], Wording>> = {
  'missing-parent': ({ model, parentModel, association, parent }) =>
    model !== undefined && parentModel !== undefined && association !== undefined
      ? `Write the ${parentModel} first, in the same transaction: await createWithParents(${model}, values, { ensure: { ${property(association)}: (${argument(parent)}) => ({ … }) } }).`
      : 'Write the parent first, in the same transaction.',
  violated: () =>
    'Write parents before their children and delete them after; grant SELECT on the key columns to see which key it is.',
  'children-block': (facts) =>
    facts.model !== undefined && facts.relation !== undefined
      ? `Delete them first: await ${facts.model}.destroy({ where: ${where(facts)} }). If they shall always go with their parent, write onDelete: 'CASCADE' into the association and run \`fk-guard plan\`.`
      : 'Delete the children first, or let the key say ON DELETE CASCADE.',
  'set-null-on-not-null': () =>
    "Allow null in the column and in the model (allowNull: true), or write another action: onDelete: 'CASCADE' or 'RESTRICT'.",
  'default-without-parent': ({ parentModel }) =>
    `Create the ${parentModel ?? 'parent'} that the default names, or write another action: onDelete: 'CASCADE' or 'RESTRICT'.`,
  'no-unique-key': ({ parentModel }) =>
    `Point to the primary key, or make the attribute unique in ${parentModel ?? "the parent's model"} (unique: true). \`fk-guard plan\` shows how the database gets it without stopping writers.`,
  'incompatible-types': ({ relation }) =>
    `Give ${relation ?? 'the column'} the type of its parent in the model; \`fk-guard plan\` shows how the column follows.`,
  'needed-by-key': () =>
    'Drop or empty the children with it, or drop those keys first. CASCADE would take the keys away without a word.',
};

const childKey = ({ relation, child }: Facts): string => relation ?? (child ? columnsOf(child) : 'The child');

const parentName = ({ parentModel, parent }: Facts): string =>
  parentModel ?? (parent ? tableOf(parent) : 'parent');

const at = ({ parentModel, parent }: Facts): string =>
  parentModel !== undefined && parent ? ` (${tableOf(parent)})` : '';

const by = ({ relation, child }: Facts): string => relation ?? (child ? columnsOf(child) : 'it');

const named = ({ constraint }: Facts): string => (constraint === undefined ? '' : ` (${constraint})`);

const kept = ({ atCommit, constraint }: Facts): string =>
  atCommit
    ? ` The key${constraint === undefined ? '' : ` ${constraint}`} is checked at COMMIT, so nothing of the transaction was kept.`
    : '';

function children({ children: found, child }: Facts): string {
  const of = child ? ` of ${tableOf(child)}` : '';
  if (!found || found.rows === 0) return `rows${of} refer`;
  return `${found.more ? 'more than ' : ''}${counted(found.rows, 'row')}${of} ${found.rows === 1 ? 'refers' : 'refer'}`;
}

const values = ({ key }: Facts): string =>
  key
    ? ` with ${Object.entries(key)
        .map(([column, value]) => `${column} = ${value}`)
        .join(' and ')}`
    : '';

const tableOf = ({ schema, table }: Place): string => tableId({ schema, name: table });
const columnsOf = (place: Place): string => `${tableOf(place)} (${place.columns.join(', ')})`;

/** The child's attribute where a model has one: its name need not be the column's. */
function where({ key, parent, child, attribute, numbers = [] }: Facts): string {
  const text = (parent?.columns ?? []).flatMap((column, i) => {
    const [own, value] = [attribute ?? child?.columns[i], key?.[column]];
    return own === undefined || value === undefined
      ? []
      : [`${property(own)}: ${inCode(value, numbers.includes(column))}`];
  });
  return text.length > 0 ? `{ ${text.join(', ')} }` : '{ … }';
}

/** What the function of `ensure` is given: the key's only value, or all of them by their names. */
const argument = (parent: Place | undefined): string => {
  const [only, another] = parent?.columns ?? [];
  return only !== undefined && another === undefined && IDENTIFIER.test(only) ? only : 'key';
};

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const property = (name: string): string => (IDENTIFIER.test(name) ? name : javascriptString(name));
const inCode = (value: string, isNumber: boolean): string => (isNumber ? value : javascriptString(value));
