import { counted } from '../counted';
import type { Events } from '../events';
import type { Logger } from '../options';
import type { Outcome, Report } from '../outcome';

/** Turns events into lines for a logger. */
export function narrate(events: Events, logger: Logger): void {
  events.on('step', ({ title, rows }) =>
    logger.info(`fk-guard: ${title}${rows > 0 ? ` (${counted(rows, 'row')})` : ''}`),
  );
  events.on('stepDone', ({ result }) => {
    if (result.error)
      logger.warn(
        `fk-guard: ${result.title}: ${result.status}. ${result.error.message} ${result.error.advice}`,
      );
  });
  events.on('retry', ({ what, attempt, waitMs, code }) =>
    logger.debug(`fk-guard: ${what}: try ${attempt} ended with ${code}; again in ${waitMs} ms`),
  );
  events.on('wait', ({ waitedMs }) =>
    logger.debug(`fk-guard: another guard is at work; waiting for ${waitedMs} ms`),
  );
  events.on('warning', ({ message }) => logger.warn(`fk-guard: ${message}`));
}

/** Says what a run has done to rows, always with the way back, and what it has left undone. */
export function narrateOutcome(outcome: Outcome, logger: Logger): void {
  const { rowsDeleted, rowsNullified, rowsQuarantined, runId } = outcome;
  if (rowsDeleted + rowsNullified > 0)
    logger.warn(
      `fk-guard: ${counted(rowsDeleted, 'row')} deleted and ${rowsNullified} set to null; the quarantine has ${rowsQuarantined === 1 ? 'a copy' : `${rowsQuarantined} copies`}. To look at putting them back: npx fk-guard restore ${runId} --dry-run`,
    );
  narrateFindings(outcome.remaining, logger);
}

/** One line for each finding that is worth a person's time. */
export function narrateFindings(findings: Report['findings'], logger: Logger): void {
  for (const { severity, kind, message, help, refusal } of findings) {
    const line = `fk-guard: ${kind}: ${message} ${refusal ? `Not repaired (${refusal.code}): ${refusal.message}.${refusal.option ? ` To decide: ${refusal.option}.` : ''}` : help}`;
    if (severity === 'error') logger.error(line);
    else if (severity === 'warning' || refusal) logger.warn(line);
    else logger.info(line);
  }
}
