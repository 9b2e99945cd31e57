import { lastly } from '../../cancel';
import { catalogSearchPath } from '../../catalog/session-guards';
import { withSession, type Session } from '../../db';
import { FkGuardError } from '../../errors';
import { readOnly } from '../../execution/look';
import { readLedger } from '../../execution/read-ledger';
import { becomeRunner } from '../../execution/runner';
import type { Settings } from '../../options';
import { tableId } from '../../names';
import type { RestoreOutcome } from '../../quarantine-outcome';
import { identifier, sql } from '../../sql';
import type { PurgeTask } from '../purge';
import { parentsOf } from './created-parents';
import { countOpen, earlierOf, recordRestore } from './history';
import { bringKeysBack, readKeysOut, type KeysOpen } from './keys-out';
import type { RestoreRequest } from './options';
import { purgedOf } from './purged';
import { giveRowsBack, type GivenBack } from './rows';
import { isKeptOutBy, readSchemaUndo, type SchemaUndo } from './schema-undo';
import { moved, takeAway } from './take-away';
import type { RestoreTask } from './task';
import { restoring } from './transactions';

/**
 * Puts the rows of one run back: changed rows get their old values, deleted rows come back, the last batch first. A
 * row that cannot come back is reported with its reason and stops no other. Throws before anything is written when
 * there is no such run, or when the schema is to go back and has moved since (`SCHEMA_MOVED`).
 */
export const restore = (
  { writer, settings, events }: Pick<PurgeTask, 'writer' | 'settings' | 'events'>,
  runId: string,
  request: RestoreRequest,
): Promise<RestoreOutcome> =>
  withSession(writer, async (session) => {
    await assertRun(session, settings, runId);
    const runner = await becomeRunner(writer, settings, events);
    try {
      const ledger = identifier(settings.quarantine.schema);
      const [path] = await session.query(sql`select pg_catalog.current_setting('search_path') as path`);
      const searchPath = path?.['path'] ?? '';
      const task: RestoreTask = { session, settings, events, runner, ledger, runId, searchPath };
      const undo = await look(task, async () => {
        await readKeysOut(task);
        return readSchemaUndo(session, ledger, runId);
      });
      if (request.schema && undo.obstacles.length > 0) throw moved(undo.obstacles);
      return await (request.dryRun ? rehearse(task, request, undo) : carryOut(task, request, undo));
    } finally {
      await runner.release();
    }
  });

/** Reads, with PostgreSQL's own operators only. */
const look = <T>({ session, settings }: RestoreTask, run: () => Promise<T>): Promise<T> =>
  readOnly(session, { settings, deadline: Infinity }, [catalogSearchPath], run);

async function carryOut(
  task: RestoreTask,
  { schema }: RestoreRequest,
  undo: SchemaUndo,
): Promise<RestoreOutcome> {
  const { session } = task;
  const { earlier, open: rows } = await look(task, async () => ({
    earlier: await earlierOf(task),
    open: await countOpen(task),
  }));
  const undone = schema && (undo.steps.length > 0 || (rows > 0 && undo.inTheWay.length > 0));
  if (undone) await takeAway(task, undo);
  let given: GivenBack;
  try {
    given = await giveRowsBack(task, (run) => restoring(task, [], run));
  } catch (error) {
    // No table stays without its keys because a row could not be locked, or because somebody has cancelled it.
    const last = { ...task, session: lastly(session) };
    if (session.isAlive()) await bringKeysBack(last).catch(() => undefined);
    throw error;
  }
  const open = await bringKeysBack(task);
  const outcome = await look(task, () =>
    outcomeOf(task, given, earlier, schemaOf(given, undo, undone, open)),
  );
  if (outcome.restored > 0 || undone) await restoring(task, [], () => recordRestore(task, outcome));
  return outcome;
}

/** Ends the transaction of a dry run. */
class DryRun extends Error {}

/** Does it all to the rows and rolls it back. The schema is not touched: its locks would hold up the application for nothing. */
async function rehearse(
  task: RestoreTask,
  { schema }: RestoreRequest,
  undo: SchemaUndo,
): Promise<RestoreOutcome> {
  let outcome: RestoreOutcome | undefined;
  await restoring(task, [], async () => {
    const earlier = await earlierOf(task);
    const given = await giveRowsBack(task, (run) => run(), schema ? undo : undefined);
    outcome = await outcomeOf(task, given, earlier, schemaOf(given, undo, false, [], schema));
    throw new DryRun();
  }).catch((error: unknown) => {
    if (!(error instanceof DryRun)) throw error;
  });
  if (!outcome) throw new Error('the dry run has no outcome');
  return outcome;
}

/** Told when it was asked for, and when it is what keeps a row out. */
function schemaOf(
  { failed }: GivenBack,
  undo: SchemaUndo,
  undone: boolean,
  open: KeysOpen,
  asked = undone,
): Pick<RestoreOutcome, 'schema'> {
  const told = asked || open.length > 0 || failed.some(({ reason }) => isKeptOutBy(undo, reason));
  return told ? { schema: { undone, statements: undo.statements, open } } : {};
}

async function outcomeOf(
  { session, ledger, runId }: RestoreTask,
  { restored, failed }: GivenBack,
  earlier: Pick<RestoreOutcome, 'earlier'>,
  schema: Pick<RestoreOutcome, 'schema'>,
): Promise<RestoreOutcome> {
  const createdParents = await parentsOf(session, ledger, runId);
  return {
    runId,
    restored,
    failed: failed.map(({ table, id, reason }) => ({ table: tableId(table), row: id, reason: reason.text })),
    ...earlier,
    ...(createdParents.length > 0 && { createdParents }),
    ...(await purgedOf(session, ledger, runId)),
    ...schema,
  };
}

async function assertRun(session: Session, settings: Settings, runId: string): Promise<void> {
  const ledger = identifier(settings.quarantine.schema);
  const { content } = await readLedger(session, settings, () =>
    session.query(sql`select 1 as found from ${ledger}.run r where r.id::text = $1`, [runId]),
  );
  if (content instanceof FkGuardError) throw content;
  if (!content || content.length === 0)
    throw new FkGuardError(
      'NO_SUCH_RUN',
      `There is no run ${runId} in the ledger.`,
      `fk-guard status lists the runs; they stand in ${settings.quarantine.schema}.run.`,
    );
}
