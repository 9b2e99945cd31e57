import type { Found, MissingParent } from './missing-parents';
import type { ModelLike } from '../../model/sequelize-like';
import type { WritableModel } from '../../model/writable-model';

/**
 * Parents before their children, and otherwise in an order that all calls share, whatever each of them misses: by model
 * and then by key. Two that make the same parents in one order wait for each other; crosswise they would end in a
 * deadlock (40P01).
 */
export function insertOrder({ missing, above }: Found): readonly MissingParent[] {
  const [first] = missing;
  if (!first || missing.length === 1) return missing;
  const place = placesOf(first.model);
  const sorted = [...missing].sort(
    (a, b) => (place.get(a.model.name) ?? 0) - (place.get(b.model.name) ?? 0) || (a.id < b.id ? -1 : 1),
  );
  const position = new Map(sorted.map((parent, i) => [parent.id, i]));
  const ordered = new Set<MissingParent>();
  const entered = new Set<string>();
  // Only rows that refer to their own model, or columns that no association tells of, still have to move.
  const enter = (parent: MissingParent | undefined): void => {
    if (!parent || entered.has(parent.id)) return;
    entered.add(parent.id);
    const before = [...(above.get(parent.id) ?? [])]
      .map((id) => position.get(id))
      .filter((i) => i !== undefined);
    for (const i of before.sort((a, b) => a - b)) enter(sorted[i]);
    ordered.add(parent);
  };
  sorted.forEach(enter);
  return [...ordered];
}

/** The place of each model of the instance, parents first; in a circle the first by name begins. */
function placesOf({ sequelize }: WritableModel): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const entered = new Set<ModelLike>();
  const enter = (model: ModelLike): void => {
    if (entered.has(model)) return;
    entered.add(model);
    const parents = Object.values(model.associations)
      .filter(({ associationType }) => associationType === 'BelongsTo')
      .map(({ target }) => target);
    parents.sort(byName).forEach(enter);
    places.set(model.name, places.size);
  };
  [...sequelize.modelManager.models].sort(byName).forEach(enter);
  return places;
}

const byName = (a: ModelLike, b: ModelLike): number => (a.name < b.name ? -1 : 1);
