import { createServer, type Server } from 'node:http';
import { FkGuardError } from 'sequelize-fk-guard';
import { type Config, ConfigError, EXIT_CONFIG, readConfig } from './config';
import { type Library, openLibrary } from './database';
import { createHttp } from './http';
import { becomeReady, type Readiness } from './readiness';

/** After this the process ends even if a request or a statement does not; pm2's `kill_timeout` is longer. */
const DRAIN_MS = 8_000;

try {
  const config = readConfig(process.env);
  serve(config, openLibrary(config.databaseUrl, console));
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof FkGuardError && error.code === 'OPTIONS'))
    throw error;
  console.error(error.message);
  process.exitCode = EXIT_CONFIG;
}

/** Listens first and connects then: a health check gets an answer while the database is down or being repaired. */
function serve({ port }: Config, library: Library): void {
  const stopping = new AbortController();
  let readiness: Readiness = { state: 'starting' };
  const report = (next: Readiness): void => {
    if (stopping.signal.aborted) return;
    readiness = next;
    console.log(
      next.reason === undefined ? `BookNexus is ${next.state}` : `BookNexus is ${next.state}: ${next.reason}`,
    );
    if (next.state === 'ready') process.send?.('ready');
  };

  const server = createServer(createHttp(library, () => readiness));
  server.once('error', (error) => {
    console.error(`Cannot listen on port ${port}: ${error.message}`);
    process.exit(1);
  });
  server.listen(port, () => {
    console.log(`BookNexus listens on port ${portOf(server)}`);
    void becomeReady(() => library.sequelize.sync(), report, stopping.signal);
  });

  const stop = (): void => {
    if (stopping.signal.aborted) return;
    readiness = { state: 'stopping' };
    stopping.abort();
    void drain(server, library);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

/** Answers what is under way, then closes the pool; the process ends when nothing is left to do. */
async function drain(server: Server, { sequelize }: Library): Promise<void> {
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await closed;
  await sequelize.close();
  // pm2's channel would keep the process alive.
  if (process.connected) process.disconnect();
}

function portOf(server: Server): number | string {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : String(address);
}
