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

function health(observed: Observed): RequestHandler {
  return async (_request, response) => {
    const status = await statusOf(observed);
    if (status !== 'ready') return void response.status(503).json({ status });
    const outcome = observed.guard.lastOutcome;
    response.json({
      status: 'ok',
      foreignKeys: outcome && { status: outcome.status, remaining: outcome.remaining.length },
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
