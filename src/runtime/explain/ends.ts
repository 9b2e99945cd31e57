import type { Place } from '../../finding';
import type { Relation } from '../../expected';
import type { TableName } from '../../schema';
import type { Situation } from './situation';
import type { KeyShape } from './violation';
import type { Facts } from './wording';

/** Both ends of a key in the application's words. */
export type Ends = Pick<
  Facts,
  'relation' | 'model' | 'parentModel' | 'association' | 'attribute' | 'numbers' | 'child' | 'parent'
>;

/** Names the ends of a live key. */
export function endsOf(key: KeyShape, situation: Situation): Ends {
  const [child, parent] = [situation.whole(key.child), situation.whole(key.parent)];
  const relation = situation.relationOn(child, key.childColumns);
  const [model, parentModel] = [relation?.model ?? situation.modelOf(child), situation.modelOf(parent)];
  const association = relation?.declarations.find(({ method }) => method === 'belongsTo')?.association;
  return {
    ...(relation && { relation: relation.id, attribute: relation.attribute }),
    ...(model !== undefined && { model }),
    ...(parentModel !== undefined && { parentModel }),
    ...(association !== undefined && { association }),
    numbers: (situation.table(parent)?.columns ?? [])
      .filter(({ type }) => WHOLE_NUMBERS.includes(type))
      .map(({ name }) => name),
    child: place(child, key.childColumns),
    parent: place(parent, key.parentColumns),
  };
}

/** Types whose values stand in code as they are. */
const WHOLE_NUMBERS: readonly string[] = ['smallint', 'integer', 'bigint'];

/** What a relation of the models would be as a key. */
export const shapeOf = (relation: Relation, { resolve }: Situation): KeyShape => ({
  child: resolve(relation.child),
  childColumns: relation.childColumns,
  parent: resolve(relation.parent),
  parentColumns: relation.parentColumns,
});

const place = ({ schema, name }: TableName, columns: readonly string[]): Place => ({
  schema,
  table: name,
  columns,
});
