import { counted } from '../counted';
import type { Events } from '../events';
import type { Finding } from '../finding';
import { groupBy } from '../group-by';
import type { Logger } from '../options';
import type { Outcome, Report } from '../outcome';
import type { PurgeOutcome } from '../quarantine-outcome';
import { visible } from '../visible';
import { nowAndThen } from './now-and-then';
import { batchText, pauseText, resumeText, retryText } from './progress-text';

/** A name with a line break in it must not write a line of its own into somebody's log. */
const onOneLine = (logger: Logger): Logger => ({
  debug: (message) => logger.debug(visible(message)),
  info: (message) => logger.info(visible(message)),
  warn: (message) => logger.warn(visible(message)),
  error: (message) => logger.error(visible(message)),
});

/** Turns events into lines for a logger. */
export function narrate(events: Events, log: Logger): void {
  const logger = onOneLine(log);
  events.on('step', ({ title, rows }) =>
    logger.info(`fk-guard: ${title}${rows > 0 ? ` (${counted(rows, 'row')})` : ''}`),
  );
  events.on('stepDone', ({ result }) => {
    if (result.error)
      logger.warn(
        `fk-guard: ${result.title}: ${result.status}. ${result.error.message} ${result.error.advice}`,
      );
  });
  narrateProgress(events, logger);
  events.on('wait', ({ waitedMs }) =>
    logger.debug(`fk-guard: another guard is at work; waiting for ${waitedMs} ms`),
  );
  events.on('warning', ({ message }) => logger.warn(`fk-guard: ${message}`));
}

/** A line in so many milliseconds at most, however often something happens. */
const SELDOM_MS = 10_000;

/** How far a long step is, and what it waits for. A pause is a warning: somebody may have forgotten the sentinel. */
function narrateProgress(events: Events, logger: Logger): void {
  const isTime = nowAndThen(SELDOM_MS);
  // The first batch is not worth a line: most clean-ups are over before the second one would be due.
  events.on('step', () => void isTime('batch'));
  events.on('batch', (batch) => {
    if (isTime('batch')) logger.info(`fk-guard: ${batchText(batch)}`);
  });
  events.on('retry', (retry) => {
    logger.debug(`fk-guard: ${retryText(retry)}`);
    if (retry.waitedMs >= SELDOM_MS && isTime(retry.what)) logger.info(`fk-guard: ${retryText(retry)}`);
  });
  events.on('pause', (pause) => {
    if (!isTime(`pause ${pause.reason}`)) return;
    const line = `fk-guard: ${pauseText(pause)}`;
    if (pause.waitedMs === 0) logger.warn(line);
    else logger.info(line);
  });
  events.on('resume', (resume) => {
    if (isTime('resume')) logger.info(`fk-guard: ${resumeText(resume)}`);
  });
}

/** Says what a run has done to rows, always with the way back, and what it has left undone. */
export function narrateOutcome(outcome: Outcome, logger: Logger): void {
  if (outcome.tenants) narrateTenants(outcome, logger);
  else narrateRows(outcome, logger);
  narrateFindings(outcome.remaining, logger);
}

/** Each run has its own way back. */
function narrateTenants({ shared, tenants = [] }: Outcome, log: Logger): void {
  const logger = onOneLine(log);
  for (const { schema, outcome, error } of [{ schema: 'what all tenants share', ...shared }, ...tenants]) {
    if (outcome) narrateRows(outcome, log);
    if (error) logger.warn(`fk-guard: ${schema}: ${error.message} ${error.advice}`);
  }
}

/** Says what a run has done to rows, always with the way back. */
export function narrateRows(outcome: Outcome, log: Logger): void {
  const logger = onOneLine(log);
  const { rowsDeleted, rowsNullified, rowsReparented, rowsQuarantined, parentsCreated, runId } = outcome;
  if (parentsCreated > 0)
    logger.warn(
      `fk-guard: ${counted(parentsCreated, 'missing parent', 'was', 'were')} created; ${runId} in fk_guard.step says which.`,
    );
  const given = rowsReparented > 0 ? ` and ${rowsReparented} given another parent` : '';
  if (rowsDeleted + rowsNullified + rowsReparented > 0)
    logger.warn(
      `fk-guard: ${counted(rowsDeleted, 'row')} deleted and ${rowsNullified} set to null${given}; the quarantine has ${rowsQuarantined === 1 ? 'a copy' : `${rowsQuarantined} copies`}. To look at putting them back: npx fk-guard restore ${runId} --dry-run`,
    );
  else if (rowsQuarantined > 0)
    logger.warn(
      `fk-guard: ${counted(rowsQuarantined, 'value')} changed with the type of a column; the quarantine has the old ones, under the run ${runId}.`,
    );
}

/** Says which copies are gone for good. */
export function narratePurge({ rows, runs }: PurgeOutcome, logger: Logger): void {
  if (rows > 0)
    logger.warn(
      `fk-guard: ${rows === 1 ? '1 copy' : `${rows} copies`} purged from the quarantine, of ${counted(runs.length, 'run')}: ${runs.map(({ runId }) => runId).join(', ')}.`,
    );
}

/** One line for each finding that is worth a person's time; advice that many places share is told once. */
export function narrateFindings(findings: Report['findings'], log: Logger): void {
  const logger = onOneLine(log);
  const advice = groupBy(findings.filter(isAdvice), ({ kind }) => kind);
  for (const finding of findings) {
    const alike = isAdvice(finding) ? (advice.get(finding.kind) ?? []) : [];
    if (alike.length <= MOST_ALIKE) tell(finding, logger);
    else if (finding === alike[0])
      logger.warn(
        `fk-guard: ${finding.kind}: ${finding.message} And ${alike.length - 1} more like it. Run npx fk-guard check to see them all.`,
      );
  }
}

/** A start says so much about one kind; sync() builds no index for a key, so that a whole application may lack them. */
const MOST_ALIKE = 3;

const isAdvice = ({ severity, repair }: Finding): boolean => severity === 'warning' && repair === 'manual';

function tell({ severity, kind, message, help, refusal }: Finding, logger: Logger): void {
  const line = `fk-guard: ${kind}: ${message} ${refusal ? `Not repaired (${refusal.code}): ${refusal.message}.${refusal.option ? ` To decide: ${refusal.option}.` : ''}` : help}`;
  if (severity === 'error') logger.error(line);
  else if (severity === 'warning' || refusal) logger.warn(line);
  else logger.info(line);
}
