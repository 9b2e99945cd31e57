import type { Events } from '../../events';
import type { Finding } from '../../finding';
import { countOf, type Count } from './health';
import { noteCount, type Figures } from './metrics';

/** What is known of the rows between two counts. */
export interface Memory {
  readonly last: Count | undefined;
  /** After a look at all rows that no key proves. */
  learn(findings: readonly Finding[]): void;
}

/** Every count of this guard is as good as a monitor's, whoever has asked for it. */
export function createMemory(events: Events, figures: Figures): Memory {
  let last: Count | undefined;
  const learn = (findings: readonly Finding[]): void => {
    last = countOf(findings, new Date());
    noteCount(figures, last);
  };
  events.on('inspect', ({ report }) => learn(report.findings));
  return {
    learn,
    get last() {
      return last;
    },
  };
}
