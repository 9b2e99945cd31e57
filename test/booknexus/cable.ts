import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What lies between an application and its database, and can be taken out. */
export interface Cable {
  /** The same connection string, by way of the cable. */
  through(url: string): string;
  /** Connections end and nobody listens, as with a server that is stopped. */
  cut(): Promise<void>;
  /** Puts it in again, on the same port. */
  plug(): Promise<void>;
  /** Nothing gets through any more and nobody is told, as with a firewall that has forgotten a connection. */
  stall(): void;
}

/** A cable to the server of a connection string; it is plugged in. */
export async function layCable(server: string): Promise<Cable> {
  const { hostname, port } = new URL(server);
  const sockets = new Set<Socket>();
  let stalled = false;
  let listener: Server;
  const listen = async (at: number): Promise<void> => {
    stalled = false;
    listener = createServer((near) => {
      const far = connect(Number(port), hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(one);
        one.on('data', (chunk) => stalled || other.write(chunk));
        one.on('error', () => undefined);
        one.on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
      }
    }).listen(at, '127.0.0.1');
    await once(listener, 'listening');
  };
  await listen(0);
  const { port: own } = listener!.address() as AddressInfo;
  return {
    through(url) {
      const changed = new URL(url);
      changed.host = `127.0.0.1:${own}`;
      return changed.href;
    },
    async cut() {
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    plug: () => listen(own),
    stall: () => void (stalled = true),
  };
}
