import { visible } from '../visible';
import type { Output } from './io';

/** The last line of a terminal, written over and over. */
export interface LiveLine {
  /** `text` is asked again every second, until the line is cleared. */
  start(text: () => string): void;
  /** Writes it now, at most ten times a second. */
  refresh(): void;
  clear(): void;
}

/** What takes less is not worth a line that flickers. */
const FIRST_MS = 1_000;
const BETWEEN_MS = 100;
const CLEAR = '\r\u001B[K';

export function createLiveLine(output: Output, now: () => number): LiveLine {
  let text: (() => string) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let started = 0;
  let shownAt: number | undefined;
  const show = (): void => {
    if (text === undefined) return;
    shownAt = now();
    // The last column stays free: a full line would begin a new one.
    output.write(CLEAR + cut(visible(text()), (output.columns ?? 80) - 1));
  };
  const clear = (): void => {
    clearInterval(timer);
    text = undefined;
    if (shownAt !== undefined) output.write(CLEAR);
    shownAt = undefined;
  };
  return {
    start(next) {
      clear();
      started = now();
      text = next;
      timer = setInterval(show, FIRST_MS);
      timer.unref();
    },
    refresh() {
      if (now() - started >= FIRST_MS && now() - (shownAt ?? -Infinity) >= BETWEEN_MS) show();
    },
    clear,
  };
}

const cut = (line: string, columns: number): string =>
  line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;
