import { insertHooks, isBelowOrphan, missingKeys, parentExists, requiredColumns } from '../catalog/parents';
import { catalogSearchPath, sessionGuards } from '../catalog/session-guards';
import type { MissingParent, OrphanCondition } from '../changes/change';
import type { Session } from '../db';
import { FkGuardError, wireError } from '../errors';
import { readOnly, type Look } from '../execution/look';
import { exactTextForms } from '../execution/session-settings';
import { measurable } from '../pairing/measurable';
import { made } from './made-parent';
import { sameTable, tableId } from '../names';
import type { CreateParent, Settings } from '../options';
import type { MeasuredRelation, Snapshot } from '../snapshot';

/**
 * What the options `reparent` and `createParent` need to know about relations with orphans: whether the new parent is
 * there, and what the missing parents are made of. Reads only. What cannot be carried out is written down as `unusable`.
 */
export async function withNewParents(session: Session, snapshot: Snapshot, looking: Look): Promise<Snapshot> {
  const asked = snapshot.relations.some(
    ({ relation }) => relation.orphanPolicy === 'reparent' || relation.orphanPolicy === 'create',
  );
  if (!asked) return snapshot;
  const relations: MeasuredRelation[] = [];
  for (const pair of snapshot.relations) {
    const condition = typeof pair.orphans === 'object' && pair.orphans.rows > 0 && measurable(pair, 'all');
    const looked =
      typeof condition === 'object'
        ? await look(session, pair, condition, looking).catch(problemOf)
        : undefined;
    relations.push({ ...pair, ...looked });
  }
  return { ...snapshot, relations };
}

/** Throws `OPTIONS` when an option cannot be carried out, as long as nothing has been written. */
export function assertUsable({ relations }: Snapshot): void {
  const problems = relations.flatMap(({ unusable }) => unusable ?? []);
  if (problems.length > 0)
    throw new FkGuardError(
      'OPTIONS',
      `Invalid options: ${problems.join('; ')}.`,
      'Correct the options; nothing was written.',
    );
}

async function look(
  session: Session,
  pair: MeasuredRelation,
  condition: OrphanCondition,
  looking: Look,
): Promise<Pick<MeasuredRelation, 'missingParents'>> {
  const { settings } = looking;
  const { id, orphanPolicy, newParent } = pair.relation;
  const createParent = settings.relations[id]?.createParent;
  const read = <T>(work: () => Promise<T>): Promise<T> =>
    readOnly(session, looking, [...sessionGuards, exactTextForms, catalogSearchPath], work);
  if (orphanPolicy === 'reparent' && newParent) await read(() => verify(session, pair, condition, newParent));
  if (orphanPolicy !== 'create' || !createParent || willBeRefused(pair, settings)) return {};
  const { keys, required, hooks } = await read(async () => ({
    keys: await missingKeys(session, condition),
    required: await requiredColumns(session, pair.parentName),
    hooks: await insertHooks(session, pair.parentName),
  }));
  // Outside of any transaction: what the application's function does may take its time.
  const parents: MissingParent[] = [];
  for (const key of keys) parents.push(await make(pair, createParent, key, required));
  return { missingParents: { parents, insertHooks: hooks } };
}

/** A function of the application is not asked for the parents of a whole table that will not be touched anyway. */
function willBeRefused({ orphans }: MeasuredRelation, { limits }: Settings): boolean {
  if (typeof orphans === 'string') return true;
  const { rows, childRows, parentIsEmpty } = orphans;
  return (parentIsEmpty && limits.fraction < 1) || (rows > limits.rows && rows / childRows > limits.fraction);
}

async function verify(
  session: Session,
  { relation, parentName, childName }: MeasuredRelation,
  condition: OrphanCondition,
  newParent: readonly string[],
): Promise<void> {
  const option = `relations['${relation.id}'].reparent`;
  const words = `${tableId(parentName)} has no row with ${relation.parentColumns.join(', ')} = ${newParent.join(', ')}`;
  const exists = await parentExists(session, condition, newParent).catch((error: unknown) => {
    // Class 22: what is written there is no value of the key's type.
    if (!wireError(error).code?.startsWith('22')) throw error;
    throw new Unusable(`"${option}": ${wireError(error).message}`);
  });
  if (!exists) throw new Unusable(`"${option}" names a parent that does not exist: ${words}`);
  if (sameTable(childName, parentName) && (await isBelowOrphan(session, condition, newParent)))
    throw new Unusable(
      `"${option}" names a row that is itself an orphan of this relation or stands below one, so the rows would form a circle`,
    );
}

async function make(
  { relation, parent }: MeasuredRelation,
  createParent: CreateParent,
  key: readonly string[],
  required: readonly string[],
): Promise<MissingParent> {
  const named = Object.fromEntries(relation.parentColumns.map((column, i) => [column, key[i] ?? '']));
  const option = `relations['${relation.id}'].createParent`;
  const call = async (): Promise<unknown> => createParent(named);
  const values = await call().catch((error: unknown) => {
    throw new Unusable(
      `"${option}" threw for ${JSON.stringify(named)}: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const parts = made(values, named, parent?.columns ?? [], required);
  if ('wrong' in parts) throw new Unusable(`"${option}" ${parts.wrong} for ${JSON.stringify(named)}`);
  return { key, values: parts.values };
}

/** An option that cannot be carried out. */
class Unusable extends Error {}

function problemOf(error: unknown): Pick<MeasuredRelation, 'unusable'> {
  if (error instanceof Unusable) return { unusable: error.message };
  throw error;
}
