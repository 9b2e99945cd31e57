import { createTemplate, SERVER_VARIABLE, TEMPLATE_VARIABLE } from './database';
import { startServer, type Server } from './server';
import { VERSION_VARIABLE } from './version';

declare global {
  // Both jest hooks run in the same process and share nothing else.
  var fkGuardTestServer: Server | undefined;
}

/** Starts the server of a test run and leaves its address in the environment of the tests. */
export default async function globalSetup(): Promise<void> {
  const server = await startServer();
  globalThis.fkGuardTestServer = server;
  process.env[SERVER_VARIABLE] = server.url;
  process.env[VERSION_VARIABLE] = String(server.version);
  process.env[TEMPLATE_VARIABLE] = await createTemplate(server.url);
}
