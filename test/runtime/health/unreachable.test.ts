import { once } from 'node:events';
import { connect as dial, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Sequelize } from 'sequelize';
import { createGuard } from 'sequelize-fk-guard';
import type { TestDatabase } from '../../postgres/database';
import { connect, pidOf, silent } from '../../quarantine/setup';
import { createFamily, guardOf, VALID_KEY } from './family';

let database: TestDatabase;
beforeEach(async () => (database = await createFamily(VALID_KEY)));
// The server may not have heard yet that a connection is cut.
afterEach(() => database.drop({ force: true }));

/** A door to the database that can be shut, or left open with nobody behind it. */
class Door {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  port = 0;
  /** Takes connections and everything that is said, and says nothing. */
  mute = false;

  constructor(private readonly target: URL) {}

  async open(): Promise<void> {
    this.server = createServer((socket) => this.pass(socket)).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async shut(): Promise<void> {
    const closed = this.server && once(this.server.close(), 'close');
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Resolves when whoever came in has gone. */
  async isLeft(): Promise<void> {
    await Promise.all(
      [...this.sockets].map((socket) => (socket.closed ? Promise.resolve([]) : once(socket, 'close'))),
    );
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  private pass(client: Socket): void {
    const server = dial(Number(this.target.port), this.target.hostname);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => other.destroy());
      socket.on('data', (data) => this.mute || other.write(data));
    }
  }
}

let door: Door;
beforeEach(async () => {
  door = new Door(new URL(database.url));
  await door.open();
});
afterEach(() => door.shut());

/** Both ways to a database: a connection string, and the settings of a Sequelize instance. */
const ways = {
  'a connection string': () => guardOf(door.url),
  Sequelize: () => {
    const sequelize = new Sequelize(door.url, { logging: false });
    sequelize.define('parents', {}, { timestamps: false });
    return createGuard({ sequelize }, { logger: silent });
  },
};

describe.each(Object.entries(ways))('by %s', (_, guardFor) => {
  it('fails while nobody listens, tells no address, and passes by itself afterwards', async () => {
    const guard = guardFor();
    expect((await guard.health()).status).toBe('pass');
    await door.shut();
    const down = await guard.health();
    expect(down).toMatchObject({ status: 'fail', error: { code: 'CONNECTION' }, findings: [] });
    expect(JSON.stringify(down)).not.toMatch(/127\.0\.0\.1|postgres:/);
    expect(guard.metrics()).not.toHaveProperty('fk_guard_error_findings');
    expect(guard.metrics()).toMatchObject({ fk_guard_health_status: 2 });
    await door.open();
    expect((await guard.health()).status).toBe('pass');
  });

  it('waits no longer than its timeout for a server that says nothing, and hangs up', async () => {
    const guard = guardFor();
    door.mute = true;
    expect(await guard.health({ timeout: '50ms' })).toMatchObject({
      status: 'fail',
      error: { code: 'CONNECTION' },
    });
    await door.isLeft();
    door.mute = false;
    expect((await guard.health()).status).toBe('pass');
  });
});

it('waits no longer for a server that falls silent under way, and hangs up', async () => {
  const guard = guardOf(door.url);
  const holder = await connect(database.url);
  // The catalog itself: only then does a look wait in the middle.
  await holder.query('begin; lock table pg_catalog.pg_trigger');
  const pid = await pidOf(holder);
  const looking = guard.health({ timeout: '300ms' });
  await expect(blocked(pid)).resolves.toBe(true);
  door.mute = true;
  expect(await looking).toMatchObject({ status: 'fail', error: { code: 'CONNECTION' } });
  await door.isLeft();
  await holder.end();
});

/** Asked in a loop of its own: whatever plans a query would need the table that is locked. */
async function blocked(pid: number): Promise<boolean> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline;) {
    const [row] = await database.query<{ ok: boolean }>(
      'select exists (select from pg_locks where not granted and $1 = any (pg_blocking_pids(pid))) as ok',
      [pid],
    );
    if (row?.ok) return true;
  }
  return false;
}

it('warns where the server answers and something in it is locked for too long', async () => {
  const guard = guardOf(database.url);
  const holder = await connect(database.url);
  await holder.query('begin; lock table pg_catalog.pg_trigger');
  expect(await guard.health({ timeout: '100ms' })).toMatchObject({
    status: 'warn',
    error: { code: 'BUDGET' },
  });
  await holder.end();
  expect((await guard.health()).status).toBe('pass');
});

it('fails, and says nothing of the user, when nobody is let in', async () => {
  const role = await database.createRole();
  const url = new URL(role.url);
  url.password = 'wrong';
  const health = await guardOf(url.href).health();
  expect(health).toMatchObject({
    status: 'fail',
    error: { message: 'The database does not answer (28P01).' },
  });
  expect(JSON.stringify(health)).not.toContain(role.name);
});

it('never rejects over models that cannot be read', async () => {
  const sequelize = new Sequelize(door.url, { logging: false });
  expect(await createGuard({ sequelize }, { logger: silent }).health()).toMatchObject({
    status: 'warn',
    error: { code: 'NO_MODELS' },
  });
});
