import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

/** What a client of `pg` knows of its server and of the process there; `pg-native` keeps all of it to itself. */
export interface Cancellable {
  readonly processID?: number | null;
  readonly secretKey?: number | null;
  readonly host?: string;
  readonly port?: number;
  readonly ssl?: boolean | ConnectionOptions;
  readonly connection?: { readonly stream?: Partial<Pick<Socket, 'remoteAddress' | 'remotePort'>> };
}

/** Codes that stand in place of a protocol's version (manual, 53.7: CancelRequest, SSLRequest). */
const CANCEL_REQUEST = 80_877_102;
const SSL_REQUEST = 80_877_103;
const PATIENCE_MS = 2_000;

/**
 * Asks the server to cancel what this client's own process is doing, on a second connection and with the secret that only
 * this client was told: so it is nobody else's statement, also behind a pooler, which makes up the number of the process.
 * Resolves once the server has taken it, or cannot be reached; that it was too late is never told.
 */
export async function requestCancel(client: Cancellable): Promise<void> {
  const { processID, secretKey } = client;
  if (typeof processID !== 'number' || typeof secretKey !== 'number') return;
  const plain = socketTo(client);
  // An error is told by the end of the connection.
  plain.setTimeout(PATIENCE_MS, () => plain.destroy()).on('error', () => undefined);
  const ended = new Promise((resolve) => plain.once('close', resolve));
  const send = async (): Promise<void> => {
    await once(plain, 'connect');
    const socket = client.ssl ? await encrypted(plain, client) : plain;
    // Reading is what lets the end be seen.
    socket.resume().end(message(CANCEL_REQUEST, processID, secretKey));
  };
  send().catch(() => plain.destroy());
  await ended;
}

/** The very server: a name may lead to several. */
function socketTo({ host = 'localhost', port = 5432, connection }: Cancellable): Socket {
  const { remoteAddress, remotePort } = connection?.stream ?? {};
  if (remoteAddress !== undefined && remotePort !== undefined) return connect(remotePort, remoteAddress);
  return host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
}

async function encrypted(plain: Socket, { ssl, host = '' }: Cancellable): Promise<Socket> {
  plain.write(message(SSL_REQUEST));
  const [answer] = (await once(plain, 'data')) as [Buffer];
  if (answer.toString() !== 'S') throw new Error('the server does not speak TLS');
  const given = typeof ssl === 'object' ? ssl : {};
  const socket = connectTls({
    socket: plain,
    ...given,
    // `pg` hides the key from whoever prints its options.
    ...(given.key !== undefined && { key: given.key }),
    ...(isIP(host) === 0 && !host.startsWith('/') && { servername: host }),
  });
  socket.on('error', () => plain.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

function message(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * numbers.length);
  [bytes.length, ...numbers].forEach((number, index) => bytes.writeInt32BE(number | 0, 4 * index));
  return bytes;
}
