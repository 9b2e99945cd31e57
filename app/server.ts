import { createServer, type Server } from 'node:http';
import { constants } from 'node:os';
import { FkGuardError } from 'sequelize-fk-guard';
import { type Config, ConfigError, EXIT_CONFIG, readConfig } from './config';
import { openLibrary } from './database';
import { drainingOf } from './draining';
import { createHttp } from './http';
import { databaseProbe } from './probe';
import { becomeReady, type Readiness } from './readiness';

/** So long after the delay the process ends even if a request or a statement does not; `kill_timeout` is longer. */
const DRAIN_MS = 8_000;

try {
  serve(readConfig(process.env));
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof FkGuardError && error.code === 'OPTIONS'))
    throw error;
  console.error(error.message);
  // Not by its code alone: pm2's channel would keep alive a process that has nothing left to do.
  process.exit(EXIT_CONFIG);
}

/** Listens first and connects then: a probe gets an answer while the database is down or being repaired. */
function serve({ databaseUrl, port, drainDelayMs }: Config): void {
  const library = openLibrary(databaseUrl, console);
  const probe = databaseProbe(databaseUrl);
  const stopping = new AbortController();
  let readiness: Readiness = { state: 'starting' };
  let monitor: { stop(): Promise<void> } | undefined;
  const report = (next: Readiness): void => {
    if (stopping.signal.aborted) return;
    readiness = next;
    console.log(`BookNexus is ${next.state}${next.reason === undefined ? '' : `: ${next.reason}`}`);
    if (next.state !== 'ready') return;
    process.send?.('ready');
    monitor = library.guard.monitor({ every: '15m' });
  };

  const server = createServer(createHttp(library, { probe, readiness: () => readiness }));
  const draining = drainingOf(server);
  let starting: Promise<void> | undefined;
  server.once('error', (error) => {
    console.error(`Cannot listen on port ${port}: ${error.message}`);
    process.exit(1);
  });
  server.listen(port, () => {
    console.log(`BookNexus listens on port ${portOf(server)}`);
    starting = becomeReady(() => library.sequelize.sync(), report, stopping.signal);
  });

  const stop = async (signal: 'SIGTERM' | 'SIGINT'): Promise<void> => {
    // Somebody is in a hurry.
    if (stopping.signal.aborted) process.exit(128 + constants.signals[signal]);
    console.log(`BookNexus is stopping: ${signal}`);
    // Nobody is sent to a server that was never ready: there is nothing to wait for.
    const delay = readiness.state === 'ready' ? drainDelayMs : 0;
    setTimeout(() => process.exit(1), delay + DRAIN_MS).unref();
    readiness = { ...readiness, stopping: true };
    stopping.abort();
    await draining.end(delay);
    await Promise.all([starting, monitor?.stop(), library.sequelize.close(), probe.close()]);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
}

function portOf(server: Server): number | string {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : String(address);
}
