import { FkGuardError } from '../../errors';
import { groupBy } from '../../group-by';
import { invalid } from '../../parse-options';
import { existingParents } from './existing-parents';
import type { ParentKey } from './parent-key';
import { referencesOf, type Reference, type Row } from './references';
import type { KnownParents } from './known-parents';
import type { NeedsOf } from './parent-needs';
import type { InstanceLike, TransactionLike, Values, WritableModel } from '../../model/writable-model';

/** One parent that has to be made. */
export interface MissingParent extends ParentKey {
  readonly model: WritableModel;
  readonly values: Values;
  readonly instance: InstanceLike;
}

/** What the rows miss, and every parent that they refer to, at any depth. */
export interface Found {
  readonly missing: readonly MissingParent[];
  readonly referred: ReadonlySet<string>;
  /** What each missing parent refers to itself. */
  readonly above: ReadonlyMap<string, ReadonlySet<string>>;
}

/** How parents are looked up and asked for. */
export interface Search {
  readonly needsOf: NeedsOf;
  readonly known?: KnownParents;
  readonly transactionInUse: TransactionLike | undefined;
  /** Sequelize's options for the queries. */
  readonly queryOptions: Values;
  /** Runs the functions of one level. */
  ask<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * The parents that rows of a model miss. One query for each level, none for what is known, and nothing is written.
 * Throws `NO_SUCH_PARENT` for a parent that is missing and that `ensure` does not speak of.
 */
export async function missingParents(
  root: WritableModel,
  rows: readonly Values[],
  search: Search,
): Promise<Found> {
  const referred = new Set<string>();
  const above = new Map<string, Set<string>>();
  const missing: MissingParent[] = [];
  let level: readonly Row[] = rows.map((values) => ({ model: root, values }));
  while (level.length > 0) {
    const references = referencesOf(level, root, rows, search.needsOf, above);
    // What was seen is not looked for again: rows may refer round in a circle.
    const unknown = references.filter(({ id }) => !referred.has(id) && !search.known?.has(id));
    for (const { id } of references) referred.add(id);
    const absent = await withoutExisting(unknown, search);
    refuseUnspoken(absent);
    const made = absent.length === 0 ? [] : await search.ask(() => askFor(absent, search));
    missing.push(...made);
    level = made.map(({ id, model, instance }) => ({ id, model, values: instance.dataValues }));
  }
  return { missing, referred, above };
}

async function withoutExisting(
  unknown: readonly Reference[],
  { transactionInUse, queryOptions }: Search,
): Promise<readonly Reference[]> {
  const wanted = [...groupBy(unknown, ({ need }) => need)].map(([{ parent, on }, keys]) => ({
    parent,
    attributes: on.map(([, attribute]) => attribute),
    keys,
  }));
  const existing = await existingParents(wanted, queryOptions, transactionInUse);
  return unknown.filter(({ id }) => !existing.has(id));
}

function refuseUnspoken(absent: readonly Reference[]): void {
  const unspoken = absent.filter(({ need }) => need.values === undefined);
  const [first] = unspoken;
  if (!first) return;
  const said = unspoken.map(
    ({ need, key }) => `${need.child.name} refers to ${need.parent.name} with ${wordsOf(key)}`,
  );
  throw new FkGuardError(
    'NO_SUCH_PARENT',
    `${said.slice(0, 5).join(', ')}${said.length > 5 ? ` and ${said.length - 5} more` : ''}: not there, and \`ensure\` does not say how to make it. Nothing was written.`,
    `Add \`${first.need.name}: (key) => ({ … })\` to \`ensure\`, or make the ${first.need.parent.name} first.`,
  );
}

/** `id 7`, `room 1, code a`. */
export const wordsOf = (key: Values): string =>
  Object.entries(key)
    .map(([attribute, value]) => `${attribute} ${String(value)}`)
    .join(', ');

async function askFor(absent: readonly Reference[], search: Search): Promise<readonly MissingParent[]> {
  const asked: MissingParent[] = [];
  for (const { id, key, need } of absent) {
    const given = await need.values?.((need.single ? Object.values(key)[0] : key) as never, {
      transaction: search.transactionInUse,
    });
    if (typeof given !== 'object')
      throw invalid([`"ensure.${need.name}" gave no values for ${wordsOf(key)}`]);
    const values = { ...given, ...key };
    asked.push({ id, key, model: need.parent, values, instance: need.parent.build(values) });
  }
  return asked;
}
