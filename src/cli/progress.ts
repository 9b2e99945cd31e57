import type { FkGuard } from '../guard';
import { durationLabel } from '../report/layout';
import { visible } from '../visible';
import type { Output } from './io';

const HEARTBEAT = 10_000;

/** Tells on stderr what a run is doing, a line each; returns whether a step has been committed so far. */
export function reportProgress(guard: FkGuard, stderr: Output, now: () => number = Date.now): () => boolean {
  let written = false;
  let told = now();
  const say = (line: string): void => {
    told = now();
    stderr.write(`${visible(line)}\n`);
  };
  guard.on('step', ({ title, rows }) =>
    say(rows > 0 ? `${title} (${rows.toLocaleString('en-US')} rows)` : title),
  );
  guard.on('stepDone', ({ result }) => void (written ||= result.status === 'done' || result.rows > 0));
  guard.on('batch', ({ rowsDone, rowsTotal }) => {
    written ||= rowsDone > 0;
    if (now() - told >= HEARTBEAT)
      say(`  ${rowsDone.toLocaleString('en-US')} of ${rowsTotal.toLocaleString('en-US')} rows`);
  });
  guard.on('retry', ({ what, attempt, waitMs, code }) =>
    say(`  ${what}: no lock yet (${code}), try ${attempt + 1} in ${durationLabel(waitMs)}`),
  );
  guard.on('wait', ({ waitedMs }) =>
    say(`  another fk-guard is at work on this database, waiting (${durationLabel(waitedMs)})`),
  );
  guard.on('warning', ({ message }) => say(`warning: ${message}`));
  return () => written;
}
