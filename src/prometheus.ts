import { Counter, Gauge, register as defaultRegister, type Registry } from 'prom-client';
import type { FkGuard } from './guard';
import { isCounter, METRICS, type MetricName } from './runtime/health/metric-names';

/**
 * Registers the figures of a guard with `prom-client`; they are read when somebody scrapes, and that asks no database.
 * Returns what takes them out again. A registry takes one guard: give every other one its own (`register`).
 */
export function collectFkGuardMetrics(
  guard: Pick<FkGuard, 'metrics'>,
  { register = defaultRegister }: { readonly register?: Registry } = {},
): () => void {
  const names = Object.keys(METRICS) as MetricName[];
  for (const name of names) {
    const configuration = { name, help: METRICS[name], registers: [register] };
    // What nobody knows yet is no 0.
    const value = (): number => guard.metrics()[name] ?? NaN;
    if (isCounter(name))
      new Counter({
        ...configuration,
        collect() {
          this.reset();
          this.inc(value());
        },
      });
    else
      new Gauge({
        ...configuration,
        collect() {
          this.set(value());
        },
      });
  }
  return () => names.forEach((name) => register.removeSingleMetric(name));
}
