import { FkGuardError } from '../errors';
import type { Outcome } from '../outcome';
import { count } from '../report/layout';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';

/** The work, or `CANCELLED` (130) as soon as the signal says so: for what has nothing to roll back. */
export async function untilCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(nothingWritten());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  // Nobody hears of what becomes of it later.
  work.catch(() => undefined);
  return Promise.race([work, stopped]).finally(() => signal.removeEventListener('abort', stop));
}

export const nothingWritten = (): CliError =>
  new CliError('CANCELLED', EXIT.cancelled, 'Cancelled; nothing was written.', '');

/** What a run had done when it was cancelled, and how to go on or back. */
export function cancelledRun({ runId = '', steps, rowsQuarantined }: Outcome): string {
  const done = steps.filter(({ status }) => status === 'done').length;
  const rows = steps.reduce((sum, step) => sum + step.rows, 0);
  const committed =
    done + rows === 0
      ? 'nothing was changed before'
      : `${done} of ${count(steps.length, 'step')}, ${count(rows, 'row')}, had been committed and stay so`;
  const back = rowsQuarantined > 0 ? `; to put the rows back: fk-guard restore ${runId}` : '.';
  return `fk-guard: Cancelled run ${runId}. What was in hand was rolled back; ${committed}.\n  Run it again to go on${back}\n`;
}

/** A run ends as partial when it is cancelled, also where only the look after it was. */
export const isCancelled = ({ status }: Outcome, signal: AbortSignal | undefined): boolean =>
  status === 'partial' && signal?.aborted === true;

/** These write without telling of every commit. */
const WRITING_UNSEEN = ['restore', 'purge'];

/** The words for a command that was cancelled: where nothing can have been written, that is what matters. */
export const asCancelled = (error: unknown, command: string, written: boolean): unknown =>
  error instanceof FkGuardError && error.code === 'CANCELLED' && !written && !WRITING_UNSEEN.includes(command)
    ? nothingWritten()
    : error;
