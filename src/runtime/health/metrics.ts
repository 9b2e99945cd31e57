import type { Events } from '../../events';
import type { Finding } from '../../finding';
import type { Count, Health } from './health';
import { isCounter, METRICS, type MetricName } from './metric-names';

/** Figures of one guard, kept up to date as things happen: reading them asks nobody. */
export interface Figures {
  add(name: MetricName, value?: number): void;
  /** `undefined` where nobody knows it. */
  set(name: MetricName, value: number | undefined): void;
  read(): Record<string, number>;
}

export const isRepairing = (figures: Figures): boolean => figures.read()['fk_guard_repairing'] === 1;

/** Counters begin with 0; a figure that nobody knows yet is left out. */
export function createFigures(events: Events): Figures {
  const names = Object.keys(METRICS) as MetricName[];
  const values = new Map<MetricName, number>(names.filter(isCounter).map((name) => [name, 0]));
  const set: Figures['set'] = (name, value) =>
    void (value === undefined ? values.delete(name) : values.set(name, value));
  const add = (name: MetricName, value = 1): void => set(name, (values.get(name) ?? 0) + value);
  set('fk_guard_repairing', 0);
  events.on('step', () => set('fk_guard_repairing', 1));
  events.on('stepDone', ({ result }) => {
    set('fk_guard_repairing', 0);
    add(result.status === 'done' ? 'fk_guard_steps_done_total' : 'fk_guard_steps_not_done_total');
    add('fk_guard_step_rows_total', result.rows);
    add('fk_guard_step_duration_seconds_total', result.durationMs / 1000);
  });
  events.on('batch', ({ lockWaitMs }) => {
    add('fk_guard_batches_total');
    add('fk_guard_lock_wait_seconds_total', lockWaitMs / 1000);
  });
  events.on('retry', () => add('fk_guard_lock_retries_total'));
  events.on('warning', () => add('fk_guard_warnings_total'));
  return { set, add, read: () => Object.fromEntries(values) };
}

const STATUS = { pass: 0, warn: 1, fail: 2 } as const satisfies Record<Health['status'], number>;

/** Of a look that failed the findings are not known: those of the one before it are not shown for them. */
export function noteHealth(
  figures: Figures,
  { status, checkedAt, durationMs, findings, error }: Health,
): void {
  const count = (severity: Finding['severity']): number | undefined =>
    error ? undefined : findings.filter((finding) => finding.severity === severity).length;
  figures.add('fk_guard_health_checks_total');
  figures.set('fk_guard_health_status', STATUS[status]);
  figures.set('fk_guard_health_check_duration_seconds', durationMs / 1000);
  figures.set('fk_guard_health_check_timestamp_seconds', Date.parse(checkedAt) / 1000);
  figures.set('fk_guard_error_findings', count('error'));
  figures.set('fk_guard_warning_findings', count('warning'));
  figures.set('fk_guard_info_findings', count('info'));
}

export function noteCount(figures: Figures, { at, findings }: Count): void {
  const orphans = findings.filter(({ kind }) => kind === 'orphaned-rows');
  figures.set(
    'fk_guard_orphan_rows',
    orphans.reduce((sum, { rows = 0 }) => sum + rows, 0),
  );
  figures.set('fk_guard_orphans_counted_timestamp_seconds', at.getTime() / 1000);
}
