import type { FkGuard } from '../guard';
import { nowAndThen } from '../logging/now-and-then';
import { batchText, pauseText, resumeText, retryText } from '../logging/progress-text';
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
  guard.on('batch', (batch) => {
    written ||= batch.rowsDone > 0;
    if (now() - told >= HEARTBEAT) say(`  ${batchText(batch)}`);
  });
  const isTime = nowAndThen(HEARTBEAT, now);
  guard.on('retry', (retry) => {
    if (isTime(retry.what)) say(`  ${retryText(retry)}`);
  });
  guard.on('pause', (pause) => {
    if (isTime(`pause ${pause.reason}`)) say(`  ${pauseText(pause)}`);
  });
  guard.on('resume', (resume) => {
    if (isTime('resume')) say(`  ${resumeText(resume)}`);
  });
  guard.on('wait', ({ waitedMs }) => {
    if (isTime('wait'))
      say(`  another fk-guard is at work on this database, waiting (${durationLabel(waitedMs)})`);
  });
  guard.on('warning', ({ message }) => say(`warning: ${message}`));
  return () => written;
}

/** The same for programs: everything that happens, as data. */
export function reportEvents(guard: FkGuard, tell: (name: string, what: object) => void): void {
  guard.on('step', (step) => tell('step', step));
  guard.on('stepDone', ({ result }) => tell('stepDone', result));
  guard.on('batch', (batch) => tell('progress', batch));
  guard.on('retry', (retry) => tell('retry', retry));
  guard.on('pause', (pause) => tell('pause', pause));
  guard.on('resume', (resume) => tell('resume', resume));
  guard.on('wait', (wait) => tell('wait', wait));
  guard.on('warning', (warning) => tell('warning', warning));
}
