import { startEmbedded } from './embedded';

/**
 * A program for the tests of the clean-up: starts a server, prints its address, and then does what its argument says:
 * waits to be killed, or ends with a status without stopping the server.
 */
async function main(): Promise<void> {
  const [what] = process.argv.slice(2);
  const { url } = await startEmbedded();
  process.stdout.write(`${url}\n`);
  if (what === 'wait') setInterval(() => undefined, 60_000);
  else process.exitCode = Number(what);
}

void main();
