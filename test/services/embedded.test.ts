import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Client } from 'pg';
import { installedNativeDirectory } from '../postgres/binaries';
import { SERVER_VARIABLE } from '../postgres/database';
import { startEmbedded } from '../postgres/embedded';
import { scratches, sweep } from '../postgres/sweep';

const scratchesOf = (owner: number | undefined): string[] =>
  scratches().filter((scratch) => basename(scratch).startsWith(`fk-guard-postgres-${owner}-`));

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    return false;
  } finally {
    await client.end();
  }
}

const children: ChildProcess[] = [];

async function holdServer(
  what: string,
): Promise<{ child: ChildProcess; url: string; end: Promise<unknown[]> }> {
  const child = spawn(
    process.execPath,
    ['--import', 'jiti/register', join(__dirname, '../postgres/hold-server.ts'), what],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  const end = once(child, 'exit');
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: url.toString().trim(), end };
}

describe('the embedded server', () => {
  // One that should have ended by itself must not keep jest waiting as well.
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  it('needs its password and leaves nothing behind when it is stopped', async () => {
    const before = scratchesOf(process.pid);
    const server = await startEmbedded();
    expect(await answers(server.url)).toBe(true);
    const stranger = new Client({ connectionString: server.url.replace(/:\w+@/, ':wrong@') });
    await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
    expect(await answers(server.url)).toBe(false);
    expect(scratchesOf(process.pid)).toEqual(before);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('goes with its process on %s', async (signal, status) => {
    const { child, url, end } = await holdServer('wait');
    expect(await answers(url)).toBe(true);
    child.kill(signal);
    expect(await end).toEqual([status, null]);
    expect(await answers(url)).toBe(false);
    expect(scratchesOf(child.pid)).toEqual([]);
  });

  it('neither keeps a finished process alive nor changes its exit status', async () => {
    const { child, url, end } = await holdServer('7');
    expect(await end).toEqual([7, null]);
    expect(await answers(url)).toBe(false);
    expect(scratchesOf(child.pid)).toEqual([]);
  });

  it('is swept away by the next run after kill -9', async () => {
    const { child, url, end } = await holdServer('wait');
    child.kill('SIGKILL');
    await end;
    expect(await answers(url)).toBe(true);
    expect(scratchesOf(child.pid)).toHaveLength(1);
    const next = await startEmbedded();
    expect(await answers(url)).toBe(false);
    expect(scratchesOf(child.pid)).toEqual([]);
    expect(await answers(next.url)).toBe(true);
    await next.stop();
  });

  it('starts from a package without symlinks and execute bits, in a place that only its owner can enter', async () => {
    const home = mkdtempSync(join(tmpdir(), 'fk-guard-home-'));
    const native = join(home, 'native');
    cpSync(installedNativeDirectory(), native, { recursive: true, verbatimSymlinks: true });
    for (const name of readdirSync(join(native, 'bin'))) chmodSync(join(native, 'bin', name), 0o644);
    unlinkSync(join(native, 'lib', 'libicuuc.so.60'));
    const server = await startEmbedded(native);
    expect(await answers(server.url)).toBe(true);
    await server.stop();
    expect(existsSync(join(native, 'lib', 'libicuuc.so.60'))).toBe(false);
    rmSync(home, { recursive: true });
  });
});

describe('the sweep', () => {
  it('leaves the servers of living processes alone', async () => {
    sweep();
    expect(await answers(process.env[SERVER_VARIABLE] ?? '')).toBe(true);
  });

  it('kills no other process than a postgres on that very directory', async () => {
    const dead = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
    await once(dead, 'exit');
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60000)', 'postgres'], {
      stdio: 'ignore',
    });
    const data = join(tmpdir(), `fk-guard-postgres-${dead.pid}-abcdef`, 'data');
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'postmaster.pid'), `${bystander.pid}\n${data}\n`);
    sweep();
    expect(scratchesOf(dead.pid)).toEqual([]);
    expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
    bystander.kill();
    await once(bystander, 'exit');
    expect(bystander.signalCode).toBe('SIGTERM');
  });
});
