import { idOfTexts } from './parent-key';
import { searchFor, type Wanted } from './parent-search';
import type { TransactionLike, Values } from '../../model/writable-model';

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
  const rows = await first.parent.sequelize.query(searchFor(wanted), {
    ...options,
    type: 'SELECT',
    raw: true,
    // A standby may not have them yet.
    useMaster: true,
    transaction: transaction ?? null,
  });
  const found = rows.map(({ n, k }): Found => {
    const one = wanted[Number(n)] ?? first;
    return { one, id: k === null ? one.keys[0].id : idOfRow(one, k) };
  });
  const ids = new Set(found.map(({ id }) => id));
  const doubtful = wanted.flatMap((one) => doubtfulOf(one, found, ids));
  if (doubtful.length > 0)
    for (const id of await existingParents(doubtful, options, transaction)) ids.add(id);
  return ids;
}

interface Found {
  readonly one: Wanted;
  readonly id: string;
}

const idOfRow = ({ parent, attributes }: Wanted, texts: unknown): string =>
  idOfTexts(parent, attributes, JSON.parse(String(texts)) as readonly string[]);

/**
 * The keys that may be there written otherwise: 'ADA' where a citext column has 'ada', a uuid in capitals. They are
 * asked for one by one, so that the server says which it is.
 */
function doubtfulOf(wanted: Wanted, found: readonly Found[], ids: ReadonlySet<string>): readonly Wanted[] {
  if (wanted.keys.length === 1) return [];
  const own = new Set(wanted.keys.map(({ id }) => id));
  return found.some(({ one, id }) => one === wanted && !own.has(id))
    ? wanted.keys.filter(({ id }) => !ids.has(id)).map((key) => ({ ...wanted, keys: [key] }))
    : [];
}
