/** Every figure of `guard.metrics()`, with what it says. Counters end in `_total`; everything else can go up and down. */
export const METRICS = {
  fk_guard_health_status: 'Status of the last health check: 0 pass, 1 warn, 2 fail.',
  fk_guard_health_checks_total: 'Looks that health checks have made; concurrent ones share one.',
  fk_guard_health_check_duration_seconds: 'How long the last health check took.',
  fk_guard_health_check_timestamp_seconds: 'When the last health check was made (Unix time).',
  fk_guard_error_findings: 'Findings of severity error in the last health check.',
  fk_guard_warning_findings: 'Findings of severity warning in the last health check.',
  fk_guard_info_findings: 'Findings of severity info in the last health check.',
  fk_guard_orphan_rows: 'Rows without a parent in the last count.',
  fk_guard_orphans_counted_timestamp_seconds: 'When orphans were counted the last time (Unix time).',
  fk_guard_monitor_count_duration_seconds: "How long the monitor's last count took.",
  fk_guard_monitor_counts_total: 'Counts that the monitor has finished.',
  fk_guard_monitor_counts_failed_total: 'Counts of the monitor that have failed.',
  fk_guard_monitor_counts_skipped_total:
    'Counts that the monitor has put off, because another process was counting or a repair was at work.',
  fk_guard_repairing: '1 while a step of a repair is being carried out in this process.',
  fk_guard_steps_done_total: 'Steps of repairs that are done.',
  fk_guard_steps_not_done_total: 'Steps of repairs that were skipped, refused, stopped, or have failed.',
  fk_guard_step_rows_total: 'Rows that steps of repairs have removed, changed or made; cascades not counted.',
  fk_guard_step_duration_seconds_total: 'How long steps of repairs took.',
  fk_guard_batches_total: 'Transactions of clean-ups and conversions that were committed.',
  fk_guard_lock_wait_seconds_total: 'How long committed batches have waited for locks.',
  fk_guard_lock_retries_total: 'Tries for a lock that were given up and made again.',
  fk_guard_warnings_total: 'Warnings of this guard.',
} as const;

export type MetricName = keyof typeof METRICS;

/** The counters, told by their names as Prometheus does. */
export const isCounter = (name: string): boolean => name.endsWith('_total');
