import type { FkGuard } from '../guard';
import { nowAndThen } from '../logging/now-and-then';
import { batchText, pauseText, resumeText, retryText } from '../logging/progress-text';
import { durationLabel } from '../report/layout';
import { visible } from '../visible';
import type { Output } from './io';
import { createLiveLine, type LiveLine } from './live-line';

/** What has been told so far. */
export interface Progress {
  /** Whether anything has been committed. */
  written(): boolean;
  /** Leaves the terminal as it was; to be called before anything else is written. */
  end(): void;
}

const HEARTBEAT = 10_000;

/** Tells on stderr what a run is doing: a line each, and on a terminal one that is rewritten while it lasts. */
export function reportProgress(guard: FkGuard, stderr: Output, now: () => number = Date.now): Progress {
  let written = false;
  guard.on('stepDone', ({ result }) => void (written ||= result.status === 'done' || result.rows > 0));
  guard.on('batch', ({ rowsDone }) => void (written ||= rowsDone > 0));
  const line = stderr.columns === undefined ? undefined : createLiveLine(stderr, now);
  const say = (text: string): void => {
    line?.clear();
    stderr.write(`${visible(text)}\n`);
  };
  guard.on('warning', ({ message }) => say(`warning: ${message}`));
  if (line) rewriting(guard, line, say, now);
  else lineByLine(guard, say, now);
  return { written: () => written, end: () => line?.clear() };
}

type Say = (text: string) => void;

const stepText = ({ title, rows }: { readonly title: string; readonly rows: number }): string =>
  rows > 0 ? `${title} (${rows.toLocaleString('en-US')} rows)` : title;

const waitText = (waitedMs: number): string =>
  `another fk-guard is at work on this database, waiting (${durationLabel(waitedMs)})`;

/** For logs: each step, and a sign of life now and then. */
function lineByLine(guard: FkGuard, tell: Say, now: () => number): void {
  let told = now();
  const say: Say = (text) => {
    told = now();
    tell(text);
  };
  guard.on('step', (step) => say(stepText(step)));
  guard.on('batch', (batch) => {
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
    if (isTime('wait')) say(`  ${waitText(waitedMs)}`);
  });
}

/** For a terminal: each step, and below it what it is at just now. */
function rewriting(guard: FkGuard, line: LiveLine, say: Say, now: () => number): void {
  let current: string | undefined;
  let isOn = false;
  const begin = (): void => {
    const started = now();
    current = undefined;
    isOn = true;
    line.start(() => `  ${current ?? durationLabel(now() - started)}`);
  };
  const show = (text: string | undefined): void => {
    // A restore and a purge have no steps.
    if (!isOn) begin();
    current = text;
    line.refresh();
  };
  guard.on('step', (step) => {
    say(stepText(step));
    begin();
  });
  guard.on('stepDone', () => {
    isOn = false;
    line.clear();
  });
  guard.on('batch', (batch) => show(batchText(batch)));
  guard.on('retry', (retry) => show(retryText(retry)));
  guard.on('pause', (pause) => show(pauseText(pause)));
  guard.on('resume', () => show(undefined));
  guard.on('wait', ({ waitedMs }) => show(waitText(waitedMs)));
  guard.on('warning', () => void (isOn = false));
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
