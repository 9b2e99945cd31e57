import { EXIT } from './exit-codes';

/** What npm passes on of a Ctrl-C that the terminal has told us already comes within this. */
const ECHO_MS = 300;
/** How long a server may take to cancel and to roll back before nobody waits for it any more; it rolls back all the same. */
const PATIENCE_MS = 5_000;

/** Aborted by Ctrl-C and by SIGTERM; a second one ends the process at once. */
export function cancelledBySignals(tell: (text: string) => void): AbortSignal {
  const cancelling = new AbortController();
  let since = 0;
  const end = (why: string): never => {
    tell(`fk-guard: ${why} The server rolls back what was in hand; run it again to go on.\n`);
    process.exit(EXIT.cancelled);
  };
  const cancel = (): void => {
    if (!cancelling.signal.aborted) {
      since = performance.now();
      tell('\nfk-guard: Cancelling what is in hand; once more ends it at once.\n');
      cancelling.abort();
      setTimeout(() => end('The server did not answer in time.'), PATIENCE_MS).unref();
    } else if (performance.now() - since > ECHO_MS) end('Ended at once.');
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, cancel);
  return cancelling.signal;
}
