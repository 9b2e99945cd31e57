import type { ForeignKey, Table } from '../../catalog/catalog';
import type { Relation } from '../../expected';
import type { WireError } from '../../errors';
import { sameNameSet, sameTable } from '../../names';
import { shapeOf } from './ends';
import type { Situation } from './situation';

/** The live keys that an error speaks of, in the order in which it does; it names them without their schemas. */
export const keysMentioned = (error: WireError, { keys }: Situation): readonly ForeignKey[] =>
  keys
    .map((key) => ({ key, at: positionOf(key.name, error.detail ?? '') }))
    .filter(({ key, at }) => !key.inherited && at >= 0 && positionOf(key.child.name, error.detail ?? '') >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ key }) => key);

/** The live keys between two tables that an error names. */
export const keysBetween = (error: WireError, { keys }: Situation): readonly ForeignKey[] =>
  keys.filter(
    ({ child, parent, inherited }) =>
      !inherited && [child, parent].every(({ name }) => positionOf(name, error.detail ?? '') >= 0),
  );

/**
 * The relation that could not get its key. PostgreSQL names the parent (42830), or the columns and the key (42804), and
 * Sequelize adds its statement: of the relations that fit all of that, the one that `suspect` picks.
 */
export function relationMentioned(
  { message, detail = '', sql = '' }: WireError,
  situation: Situation,
  suspect: (relation: Relation, situation: Situation) => boolean,
): Relation | undefined {
  const text = `${message}\n${detail}\n${sql}`;
  const fits = situation.relations.filter((relation) => {
    const statement = sql || text;
    return (
      suspect(relation, situation) &&
      positionOf(relation.parent.name, text) >= 0 &&
      (sql === '' || positionOf(relation.child.name, statement) >= 0)
    );
  });
  const exactly = fits.filter(({ childColumns }) =>
    childColumns.every((column) => positionOf(column, text) >= 0),
  );
  const [only, another] = exactly.length > 0 ? exactly : fits;
  return another ? undefined : only;
}

/** True when no usable unique key covers what the relation points to. */
export function lacksUniqueKey(relation: Relation, situation: Situation): boolean {
  const parent = situation.table(situation.resolve(relation.parent));
  return !parent?.uniqueIndexes.some((index) => isTarget(index, relation.parentColumns));
}

const isTarget = (
  { columns, valid, partial, deferrable }: Table['uniqueIndexes'][number],
  wanted: readonly string[],
): boolean => valid && !partial && !deferrable && sameNameSet(columns, wanted);

/** True when the types of the two ends differ, or a column is not there to be looked at. */
export function differsInType(relation: Relation, situation: Situation): boolean {
  const { child, parent, childColumns, parentColumns } = shapeOf(relation, situation);
  const typeIn = (name: typeof child, column: string | undefined): string | undefined =>
    situation.table(name)?.columns.find((candidate) => candidate.name === column)?.type;
  return (
    !sameTable(child, parent) &&
    childColumns.some((column, i) => {
      const [own, wanted] = [typeIn(child, column), typeIn(parent, parentColumns[i])];
      return own === undefined || own !== wanted;
    })
  );
}

/** Where a name stands by itself, and not as a part of a longer one; -1 where it does not. */
function positionOf(name: string, text: string): number {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const around = `${text.at(at - 1) ?? ''}${text[at + name.length] ?? ''}`;
    if (at === 0 ? !WORD.test(text[name.length] ?? '') : !WORD.test(around)) return at;
  }
  return -1;
}

const WORD = /[\p{L}\p{N}_$]/u;
