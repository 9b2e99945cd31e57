import type { Run } from '../apply';
import type { Session } from '../db';
import type { Examination } from '../examine';
import type { Step } from '../outcome';
import type { Task } from './carry-out';
import { withoutOwnSession } from './own-session';
import { withoutRights } from './privileges';

/** What must not be tried: for want of rights, or of a session that a pooler does not share. */
export async function refusalsOf(
  session: Session,
  { writer, settings }: Task,
  steps: readonly Step[],
  { snapshot }: Examination,
): Promise<Run['refusals']> {
  const source = { database: writer, saidDirect: settings.directUrl !== undefined };
  const shared = await withoutOwnSession(session, steps, source);
  return new Map([...withoutRights(steps, snapshot.catalog), ...shared]);
}
