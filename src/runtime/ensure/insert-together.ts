import type { Inserted } from './insert-each';
import type { Writing } from './make-parents';
import type { MissingParent } from './missing-parents';
import type { WritableModel } from '../../model/writable-model';

/** A column that every table has and no model: with `on conflict do nothing` only rows that were made come back. */
const MADE = 'tableoid';

/**
 * One INSERT for all parents of one model that has no hooks for single rows.
 *
 * Sequelize's `bulkCreate` knows nothing of rows that were left out: it gives the values of the first row that came back
 * to the first instance, whichever row that was. So only what came back is believed, and made into instances anew.
 */
export async function insertTogether(
  parents: readonly [MissingParent, ...MissingParent[]],
  { queryOptions, transaction }: Writing,
): Promise<Inserted> {
  const [{ model }] = parents;
  for (const { instance } of parents) await instance.validate({ hooks: false });
  const attributes = storedAttributes(model);
  const written = await model.bulkCreate(
    parents.map(({ values }) => values),
    { ...queryOptions, transaction, hooks: false, ignoreDuplicates: true, returning: [...attributes, MADE] },
  );
  const made = written
    .filter(({ dataValues }) => MADE in dataValues)
    .map(({ dataValues }) =>
      model.build(Object.fromEntries(attributes.map((name) => [name, dataValues[name]])), {
        raw: true,
        isNewRecord: false,
      }),
    );
  return { made, left: made.length === parents.length ? [] : parents };
}

const storedAttributes = ({ rawAttributes }: WritableModel): readonly string[] =>
  Object.keys(rawAttributes).filter((name) => !isVirtual(rawAttributes[name]?.type));

const isVirtual = (type: unknown): boolean =>
  typeof type === 'object' && type !== null && Reflect.get(type, 'key') === 'VIRTUAL';
