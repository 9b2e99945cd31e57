import { idOfTexts, type ParentKey } from './parent-key';
import type { TransactionLike, Values, WritableModel } from '../../model/writable-model';

/** Parents of one model that are looked for by the same attributes. */
export interface Wanted {
  readonly parent: WritableModel;
  readonly attributes: readonly string[];
  readonly keys: readonly ParentKey[];
}

/** `Op.or` and `Op.eq` are symbols of the whole process, so no copy of Sequelize has to be loaded for them. */
const OR = Symbol.for('or');
const EQUALS = Symbol.for('eq');

/**
 * The ids of those that are there, in one query whatever the number of models. No scope and no `paranoid` of a model
 * hides a row from a foreign key, so none is asked.
 */
export async function existingParents(
  wanted: readonly Wanted[],
  options: Values,
  transaction: TransactionLike | undefined,
): Promise<ReadonlySet<string>> {
  const [first] = wanted;
  if (!first) return new Set();
  const ask = (text: readonly string[]): Promise<readonly Values[]> =>
    first.parent.sequelize.query(text.join(' union all '), {
      ...options,
      type: 'SELECT',
      raw: true,
      // A standby may not have them yet.
      useMaster: true,
      transaction: transaction ?? null,
    });
  const found = await ask(wanted.map(searchOf));
  const existing = new Set<string>();
  const printed = found.map(({ n, k }) => ({ n: Number(n), id: idOfRow(wanted[Number(n)] ?? first, k) }));
  for (const { id } of printed) existing.add(id);
  const doubtful = doubtfulOf(wanted, printed);
  if (doubtful.length > 0)
    for (const { n } of await ask(doubtful.map(({ search }, i) => search(i)))) {
      const id = doubtful[Number(n)]?.id;
      if (id !== undefined) existing.add(id);
    }
  return existing;
}

const idOfRow = ({ parent, attributes }: Wanted, texts: unknown): string =>
  idOfTexts(parent, attributes, JSON.parse(String(texts)) as readonly string[]);

/**
 * The keys that may be there written otherwise: 'ADA' where a citext column has 'ada', a uuid in capitals. They are
 * asked for one by one, so that the server says which it is.
 */
function doubtfulOf(
  wanted: readonly Wanted[],
  printed: readonly { readonly n: number; readonly id: string }[],
) {
  const ids = new Set(printed.map(({ id }) => id));
  return wanted.flatMap((one, n) => {
    const own = new Set(one.keys.map(({ id }) => id));
    const isOtherwise = printed.some((row) => row.n === n && !own.has(row.id));
    return isOtherwise
      ? one.keys
          .filter(({ id }) => !ids.has(id))
          .map((key) => ({ id: key.id, search: (i: number) => searchOf({ ...one, keys: [key] }, i) }))
      : [];
  });
}

/** One SELECT in Sequelize's own words: it knows the table's schema, the columns' names and how a value is written. */
function searchOf({ parent, attributes, keys }: Wanted, n: number): string {
  const { sequelize, rawAttributes } = parent;
  const field = (attribute: string): string => rawAttributes[attribute]?.field ?? attribute;
  const columns = attributes.map(field);
  const only = attributes.length === 1 ? attributes[0] : undefined;
  const where =
    only === undefined
      ? {
          [OR]: keys.map(({ key }) =>
            Object.fromEntries(attributes.map((name) => [field(name), { [EQUALS]: key[name] }])),
          ),
        }
      : { [field(only)]: keys.map(({ key }) => key[only]) };
  const texts = columns.map((column) => sequelize.cast(sequelize.col(column), 'text'));
  return sequelize
    .getQueryInterface()
    .queryGenerator.selectQuery(
      parent.getTableName(),
      {
        attributes: [
          [sequelize.literal(String(n)), 'n'],
          [sequelize.cast(sequelize.fn('json_build_array', ...texts), 'text'), 'k'],
        ],
        where,
      },
      parent,
    )
    .replace(/;$/, '');
}
