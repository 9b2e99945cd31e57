import { type RequestHandler, Router } from 'express';
import type { FkGuard } from 'sequelize-fk-guard';
import type { Probe } from './probe';
import type { Readiness } from './readiness';

/** What the answers to probes are made of. */
export interface Observed {
  readonly guard: FkGuard;
  readonly probe: Probe;
  readonly readiness: () => Readiness;
}

/** `/livez`, `/readyz` and `/health`. What stands in the way is in the log, not here: it may name hosts. */
export function probes(observed: Observed): Router {
  const router = Router();
  // Without the database: whoever starts the process anew would not mend that one.
  router.get('/livez', (_request, response) => void response.json({ status: 'alive' }));
  router.get('/readyz', ready(observed));
  router.get('/health', health(observed));
  return router;
}

/** The process id tells a deployment that it is not the answer of the process before. */
function ready(observed: Observed): RequestHandler {
  return async (_request, response) => {
    const status = await statusOf(observed);
    response.status(status === 'ready' ? 200 : 503).json({ status, pid: process.pid });
  };
}

/** Tables, columns and models are named in it, and no value of a row: for the library's own network. */
function health({ guard, readiness }: Observed): RequestHandler {
  return async (_request, response) => {
    const { state, stopping } = readiness();
    if (stopping || state !== 'ready')
      return void response.status(503).json({ status: stopping ? 'stopping' : state });
    const { findings, ...health } = await guard.health();
    response.status(health.status === 'fail' ? 503 : 200).json({
      ...health,
      findings: findings.map(({ kind, severity, relation, message, rows }) => ({
        kind,
        severity,
        relation,
        message,
        rows,
      })),
      lastRun: guard.lastOutcome?.status,
    });
  };
}

type Status = Readiness['state'] | 'stopping' | 'database away';

async function statusOf({ probe, readiness }: Observed): Promise<Status> {
  const { state, stopping } = readiness();
  if (stopping) return 'stopping';
  if (state !== 'ready') return state;
  return (await probe.answers()) ? 'ready' : 'database away';
}
