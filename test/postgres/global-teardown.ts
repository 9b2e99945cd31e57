import './global-setup';
import { dropRun, SERVER_VARIABLE, TEMPLATE_VARIABLE } from './database';

/** Removes what the test run made on the server, and the server if it was the run's own. */
export default async function globalTeardown(): Promise<void> {
  const server = process.env[SERVER_VARIABLE];
  const template = process.env[TEMPLATE_VARIABLE];
  if (server !== undefined && template !== undefined) await dropRun(server, template);
  await globalThis.fkGuardTestServer?.stop();
}
