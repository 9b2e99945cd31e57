import { agrees } from '../pairing/claims';
import { hasTarget, liveKeys } from '../pairing/live-key';
import { sameTable, tableId } from '../names';
import { polymorphicSibling } from '../policy/polymorphic';
import type { Declaration } from '../expected';
import type { ForeignKey } from '../catalog/catalog';
import type { MeasuredRelation, ParentClaim, Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const contradictoryModels = defineProblem({
  kind: 'contradictory-models',
  severity: 'error',
  title: 'Models that contradict each other',
  why: 'Two places in the models say different things about one foreign key. Sequelize follows the first of them without a word, so what the other one promises never happens.',
  remedy:
    'Nothing. Where the parents differ no key is created or changed and no row is counted or cleaned; where the actions differ a missing key is created as Sequelize would, a live key stays as it is, and orphans are left unless an option decides.',
  silence:
    "Correct the line that is wrong. For a column that holds keys of several tables (polymorphic) write `constraints: false` in every association on it. `relations: { 'Model.attribute': { onDelete } }` decides between two ON DELETE actions.",

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) => {
      const actions = disputedActions(pair);
      return pair.otherParents.length > 0 || actions.length > 0 ? [{ pair, actions }] : [];
    }),

  describe({ pair, actions }) {
    const parents = pair.otherParents.length > 0;
    return {
      about: atRelation(pair),
      message: [
        ...(parents ? [parentsMessage(pair)] : []),
        ...actions.map((action) => actionMessage(pair, action)),
      ].join(' '),
      help: [
        ...(parents ? [parentsHelp(pair)] : []),
        ...actions.map((action) => actionHelp(pair, action)),
        parents
          ? 'Until then no key is created or changed, and no row is touched.'
          : 'Until then a live key stays as it is, a missing one is created as Sequelize would, and no row is touched.',
      ].join(' '),
    };
  },

  repair: () => 'manual',
});

const parentsMessage = ({ relation, claims }: MeasuredRelation): string =>
  `The models name different parents for ${relation.id}: ${claims.map((claim) => `${claim.text} names ${spoken(claim)}`).join(', ')}.`;

const spoken = ({ parent, column }: ParentClaim): string =>
  `${tableId(parent)}${column === undefined ? '' : ` (${column})`}`;

/** The line to change is the one that differs from the live key; without one only the author can tell. */
function parentsHelp(pair: MeasuredRelation): string {
  const { claims, relation, parentName } = pair;
  const sibling = polymorphicSibling(pair);
  const all = claims.map(({ text }) => text).join(' and ');
  if (sibling !== undefined)
    return `"${sibling}" beside the column looks polymorphic: write constraints: false in ${all}.`;
  const keys = liveKeys(pair);
  const [live] = keys.every(({ parent }) => keys[0] && sameTable(parent, keys[0].parent)) ? keys : [];
  const wrong = claims.filter((claim) => live && !pointsThere(live, claim, pair));
  const advice =
    live && wrong.length > 0 && wrong.length < claims.length
      ? `The key "${live.name}" in the database points at ${tableId(live.parent)} (${live.parentColumns.join(', ')}), so ${wrong.map(({ text }) => text).join(' and ')} ${wrong.length === 1 ? 'is the line' : 'are the lines'} to change.`
      : `Sequelize takes ${tableId(parentName)} (${relation.parentColumns.join(', ')}): correct ${claims
          .filter((claim) => !agrees(claim, relation, parentName))
          .map(({ text }) => text)
          .join(' and ')} if that is right, the other line if not.`;
  return `${advice} If the column holds keys of several tables, write constraints: false in ${all}.`;
}

const pointsThere = (key: ForeignKey, { parent, column }: ParentClaim, { relation }: MeasuredRelation) =>
  hasTarget(key, { ...relation, parentColumns: column ? [column] : key.parentColumns }, parent);

/** One of the two actions, about which authors have written different things. */
export interface Disputed {
  readonly name: 'onDelete' | 'onUpdate';
  readonly lines: readonly Declaration[];
}

const disputedActions = ({ relation }: MeasuredRelation): readonly Disputed[] =>
  (['onDelete', 'onUpdate'] as const).flatMap((name) =>
    relation.wanted[name].source === 'contradiction'
      ? [{ name, lines: relation.declarations.filter((line) => line[name] !== undefined) }]
      : [],
  );

const actionMessage = ({ relation }: MeasuredRelation, { name, lines }: Disputed): string =>
  `The models name different ${WORDS[name]} actions for ${relation.id}: ${lines.map((line) => `${line.text} says ${line[name]?.join(' and ')}`).join(', ')}.`;

/** What happens today is either what the live key does or what Sequelize would write. */
function actionHelp(pair: MeasuredRelation, { name, lines }: Disputed): string {
  const live = liveKeys(pair).find((key) => hasTarget(key, pair.relation, pair.parentName));
  const action = live?.[name] ?? pair.relation[name].resolved;
  const others = lines.filter((line) => line[name]?.some((written) => written !== action));
  return `${live ? `The key "${live.name}" in the database` : 'Sequelize'} says ${WORDS[name]} ${action}: to have that, change ${others.map(({ text }) => text).join(' and ')}; to have another, write it in every line${name === 'onDelete' ? ` or in relations: { '${pair.relation.id}': { onDelete } }` : ''}.`;
}

const WORDS = { onDelete: 'ON DELETE', onUpdate: 'ON UPDATE' } as const;
