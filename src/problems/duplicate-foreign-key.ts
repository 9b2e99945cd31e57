import { actionText, hasUnwrittenColumns } from '../delete-action';
import { droppedKey } from '../repair/key-specification';
import type { Change } from '../changes/change';
import type { ForeignKey, Server, Table } from '../catalog/catalog';
import { sameTable, tableId } from '../names';
import { acts, hasTarget } from '../pairing/live-key';
import { allPartitions, keysOfPartitions, partitionsInTheWay } from '../repair/partitions';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { atRelation, defineProblem, refuse, type Repair } from './problem';

export const duplicateForeignKey = defineProblem({
  kind: 'duplicate-foreign-key',
  severity: 'error',
  title: 'Duplicate foreign key',
  why: "With two keys on one column PostgreSQL does not define whose ON DELETE acts, usually the older key's: a left-over silently disables CASCADE.",
  remedy:
    'Keeps the key that says exactly what is wanted and drops the others once it is valid and enforced. Refuses while the keys differ in their action and nobody wrote which one is wanted (`WHICH_ACTION`).',
  silence:
    'Drop the left-over in a migration, or let the guard drop it; where it refuses, write `onDelete` in the model or in `relations`. `exclude` leaves the model out.',

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) =>
      pair.holder && othersOf(pair).length > 0 ? [{ pair, holder: pair.holder }] : [],
    ),

  describe: ({ pair, holder }) => ({
    about: atRelation(pair, holder.name),
    message: `${pair.relation.id} has ${othersOf(pair).length + 1} foreign keys: ${[holder, ...othersOf(pair)].map((key) => spoken(key, pair)).join(', ')}.`,
    help: `"${holder.name}" says what is wanted; every other one is dropped${holder.validated ? '' : ' once it is valid'}.`,
  }),

  repair({ pair, holder }, policy) {
    if (pair.otherParents.length > 0)
      return refuse('CONTRADICTION', `the models name different parents for ${pair.relation.id}`);
    if (disagree(pair))
      return refuse(
        'WHICH_ACTION',
        'the keys differ and nobody wrote which action is wanted',
        `relations: { '${pair.relation.id}': { onDelete } }`,
      );
    const lost = whatWouldBeLost(pair, policy.snapshot.catalog.server);
    if (lost) return lost;
    // The other key may be the only one that acts.
    if (!acts(holder))
      return refuse('BLOCKED_BY_FINDING', `"${holder.name}" is not enforced, so it cannot stand alone`);
    const verdict = policy.verdict(pair);
    if (!holder.validated && verdict.kind === 'refused') return { refused: verdict.refusal };
    return { changes: drops(pair, policy.snapshot.catalog.server) };
  },
});

/** Every key but the holder, those that partitions have of their own included. */
const othersOf = (pair: MeasuredRelation): readonly ForeignKey[] => [
  ...pair.rivals,
  ...keysOfPartitions(pair),
];

const spoken = (key: ForeignKey, { childName }: MeasuredRelation): string =>
  `"${key.name}"${sameTable(key.child, childName) ? '' : ` of ${tableId(key.child)}`} (ON DELETE ${actionText(key.onDelete, key.setColumns)}${key.matchFull ? ', MATCH FULL' : ''})`;

/** One drop for each table that has keys to lose. */
function drops(pair: MeasuredRelation, server: Server): readonly Change[] {
  const columns = pair.relation.childColumns;
  const before18 = server.version < 180_000;
  const dropped = (key: ForeignKey, table: Table | undefined) => ({
    ...droppedKey(key),
    ...(before18 && table?.kind === 'partitioned table' && ({ scanned: true } as const)),
  });
  const own: readonly Change[] =
    pair.rivals.length > 0
      ? [
          {
            op: 'drop-foreign-key',
            table: pair.childName,
            columns,
            drop: pair.rivals.map((key) => dropped(key, pair.child)),
          },
        ]
      : [];
  const ofPartitions = allPartitions(pair)
    .filter(({ keys }) => keys.length > 0)
    .map(({ table, keys }): Change => ({
      op: 'drop-foreign-key',
      table: table.name,
      columns,
      drop: keys.map((key) => dropped(key, table)),
      partitionOf: pair.childName,
    }));
  return [...own, ...ofPartitions];
}

/** Dropping either of two different keys changes what a delete does; without an author's word that is a guess. */
const disagree = (pair: MeasuredRelation): boolean =>
  pair.relation.wanted.onDelete.enforce === 'any' &&
  othersOf(pair).some(
    (key) =>
      key.onDelete !== pair.holder?.onDelete ||
      key.setColumns?.join('\0') !== pair.holder?.setColumns?.join('\0'),
  );

/** What a rival does beyond what a model can say, and the holder does not do. */
function whatWouldBeLost(pair: MeasuredRelation, server: Server): Repair | undefined {
  const { relation, holder } = pair;
  const rivals = othersOf(pair);
  const elsewhere = keysOfPartitions(pair).find((key) => !hasTarget(key, relation, pair.parentName));
  if (elsewhere) return partitionsInTheWay(pair, server);
  const listed = rivals.find(
    (key) => key.onDelete === holder?.onDelete && !holder.setColumns && hasUnwrittenColumns(key, relation),
  );
  if (listed)
    return refuse(
      'COLUMN_LIST',
      `"${listed.name}" says ON DELETE ${actionText(listed.onDelete, listed.setColumns)}, and nobody wrote which columns are meant`,
      'onDeleteColumns in the declaration',
    );
  const temporal = rivals.find((key) => key.temporal !== holder?.temporal);
  if (temporal)
    return refuse('TEMPORAL_KEY', `of "${temporal.name}" and "${holder?.name}" only one has a PERIOD`);
  const strict = rivals.find((key) => key.matchFull && !holder?.matchFull);
  return strict && relation.childColumns.length > 1
    ? refuse(
        'MATCH_FULL',
        `"${strict.name}" is MATCH FULL: without it a key could be half null; validate or drop it by hand`,
      )
    : undefined;
}
