import { joined, statusOf, type Health } from './health';
import { lookAtSurface, type Subject } from './look';
import type { Report } from '../../outcome';
import type { Memory } from './memory';
import { isRepairing, noteHealth, type Figures } from './metrics';
import { noLook } from './no-look';

/** Looks at the catalog and says how things are; whoever asks meanwhile gets the same answer. Never rejects. */
export function createCheck(
  subject: Subject,
  memory: Memory,
  figures: Figures,
): (limit: number) => Promise<Health> {
  let checking: Promise<Health> | undefined;
  const check = async (limit: number): Promise<Health> => {
    const started = performance.now();
    const repairing = isRepairing(figures);
    const seen = await seenOf(subject, memory, limit);
    const health: Health = {
      ...seen,
      checkedAt: new Date().toISOString(),
      ...(memory.last && { orphansCheckedAt: memory.last.at.toISOString() }),
      durationMs: Math.round(performance.now() - started),
      repairing: repairing || isRepairing(figures),
    };
    noteHealth(figures, health);
    return health;
  };
  return (limit) => (checking ??= check(limit).finally(() => (checking = undefined)));
}

/** A reason may name a user or a host, and a health check goes out over the network. */
const unseen = (tenants: Report['tenants']): Pick<Health, 'error'> =>
  tenants?.failed[0]
    ? {
        error: {
          code: tenants.failed[0].error.code,
          message: `${tenants.failed.length} of ${tenants.total} tenants could not be looked at.`,
          advice: 'Run `npx fk-guard check` for the details.',
        },
      }
    : {};

type Seen = Pick<Health, 'status' | 'findings' | 'error'>;

async function seenOf(subject: Subject, memory: Memory, limit: number): Promise<Seen> {
  try {
    const { report } = await lookAtSurface(subject, limit);
    const findings = joined(report, memory.last);
    return { status: statusOf(findings, report.tenants), findings, ...unseen(report.tenants) };
  } catch (error) {
    return { ...noLook(error), findings: memory.last?.findings ?? [] };
  }
}
