import { readDeleteTriggers, type DeleteTriggers } from '../../catalog/delete-triggers';
import type { Catalog } from '../../catalog/catalog';
import { readCatalog } from '../../catalog/read';
import { rowsWith, type RowPlace } from '../../catalog/reached-rows';
import { readServer } from '../../catalog/server';
import { catalogSearchPath, sessionGuards } from '../../catalog/session-guards';
import { databaseInfo } from '../../database-info';
import { transaction, withSession, type Database, type Session } from '../../db';
import { FkGuardError, wireError } from '../../errors';
import { reading } from '../../execution/session-settings';
import type { Expected } from '../../expected';
import { tableId } from '../../names';
import type { Settings } from '../../options';
import { situationOf } from '../explain/situation';
import { actingOf } from './acting';
import { changeDoubts } from './change-doubts';
import { hookDoubts } from './doubts';
import { follow, type Followed, type Walk } from './follow';
import type { Impact, ImpactDoubt } from './impact';
import { summaryOf } from './summary';
import { targetOf, type Target } from './target';
import { unreadable } from './unfollowable';
import { warningsOf } from './warnings';

/** It is a look before a delete: nobody waits for minutes. The option `statementTimeout` gives it another limit. */
const PATIENCE = 30_000;

/** So many rows are followed; more are no question of one delete. */
const MOST_ROWS = 1_000_000;

/** One look, in a session of its own and in one read-only snapshot. */
export function measureImpact(
  { database, settings }: { readonly database: Database; readonly settings: Settings },
  expected: Expected,
  name: string,
  key: unknown,
): Promise<Impact> {
  const statementTimeout = settings.statementTimeout || PATIENCE;
  const limits = reading({ settings: { ...settings, statementTimeout }, deadline: Infinity });
  return withSession(database, (session) =>
    transaction(session, 'snapshot', [limits, ...sessionGuards], async () => {
      const server = await readServer(session);
      await session.query(catalogSearchPath);
      const catalog = await readCatalog(session, server);
      const triggers = await readDeleteTriggers(session);
      const target = targetOf(name, key, expected, catalog);
      const told = await lookFrom(target, { session, expected, catalog, triggers });
      return { schemaVersion: 1, database: databaseInfo(database, server), ...told };
    }),
  );
}

interface Surroundings {
  readonly session: Session;
  readonly expected: Expected;
  readonly catalog: Catalog;
  readonly triggers: DeleteTriggers;
}

type Told = Omit<Impact, 'schemaVersion' | 'database'>;

async function lookFrom(target: Target, around: Surroundings): Promise<Told> {
  const { session, catalog, expected, triggers } = around;
  const acting = actingOf(catalog, triggers);
  const hidden = unreadable(target.table, catalog.server.role);
  if (hidden)
    throw new FkGuardError('PRIVILEGE', hidden.message, 'Connect with a role that may read all rows of it.');
  const start = await startOf(session, target);
  const walk: Walk = {
    session,
    acting,
    most: MOST_ROWS,
    fates: new Map(),
    counted: [],
    doubts: new Map(),
    fired: new Set(),
  };
  const followed = await follow(walk, start);
  const doubts: readonly ImpactDoubt[] = [
    ...followed.doubts.values(),
    ...hookDoubts(followed, triggers, acting),
    ...(await changeDoubts(session, changing(followed), acting, catalog)),
  ];
  const summary = summaryOf(followed, acting, situationOf(expected, catalog));
  return {
    ...named(target),
    found: start.length > 0,
    verdict: doubts.length > 0 ? 'unknown' : summary.blocks.length > 0 ? 'blocked' : 'deletes',
    ...summary,
    doubts,
    warnings: warningsOf(followed, triggers, acting, catalog),
  };
}

const named = ({ table, model, columns, values }: Target) => ({
  table: tableId(table.name),
  ...(model && model.model !== tableId(table.name) && { model: model.model }),
  key: Object.fromEntries(columns.map(({ name }, i) => [name, values[i] ?? ''])),
  paranoid: model?.paranoid ?? false,
});

/** Class 22: the key is no value of the column's type. */
const startOf = (session: Session, { table, columns, values }: Target): Promise<readonly RowPlace[]> =>
  rowsWith(session, table.name, columns, values).catch((error: unknown) => {
    const { code = '', message } = wireError(error);
    throw code.startsWith('22')
      ? new FkGuardError(
          'WRONG_KEY',
          `That is no key of ${tableId(table.name)}: ${message}.`,
          'Give one value, or an object of column (or attribute) and value.',
          error,
        )
      : error;
  });

/** The keys that change rows. */
const changing = ({ fates, counted }: Followed) => [
  ...new Set([
    ...[...fates.values()].flatMap(({ deleted, changed }) =>
      deleted ? [] : changed.map(({ acting }) => acting),
    ),
    ...counted
      .map(({ acting }) => acting)
      .filter(({ trigger, impossible }) => trigger.action.startsWith('SET') && !impossible),
  ]),
];
