import type { Server, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** Ends a server without cutting anybody off. */
export interface Draining {
  /** From now on an answer ends its connection; after the delay nothing new is taken. Resolves when all are answered. */
  end(delayMs: number): Promise<void>;
}

/** Keep-alive connections would hold a server open that has nothing to do. */
export function drainingOf(server: Server): Draining {
  const running = new Set<ServerResponse>();
  let ending = false;
  // Before the application's own listener, which may answer at once.
  server.prependListener('request', (_request, response) => {
    if (ending) response.setHeader('Connection', 'close');
    running.add(response);
    response.once('close', () => {
      running.delete(response);
      // Its head may have been sent before the end began.
      if (ending) setImmediate(() => server.closeIdleConnections());
    });
  });
  return {
    async end(delayMs) {
      ending = true;
      for (const response of running) if (!response.headersSent) response.setHeader('Connection', 'close');
      if (delayMs > 0) await pause(delayMs);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
