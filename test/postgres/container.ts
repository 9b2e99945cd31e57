import { existsSync } from 'node:fs';
import { get, type RequestOptions } from 'node:http';
import type { Started } from './server';

const ANSWER_WITHIN = 500;
const START_WITHIN = 90_000;

/** True when a Docker daemon answers at once; false in silence when there is none or it takes its time. */
export function dockerAnswers(env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const address = daemonAddress(env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock');
  if (address === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const request = get({ ...address, path: '/_ping', agent: false }, (response) => {
      resolve(response.statusCode === 200);
      request.destroy();
    });
    const limit = setTimeout(() => request.destroy(), ANSWER_WITHIN);
    request.on('error', () => resolve(false));
    request.on('close', () => {
      clearTimeout(limit);
      resolve(false);
    });
  });
}

function daemonAddress(host: string): RequestOptions | undefined {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url?.protocol === 'unix:') return existsSync(url.pathname) ? { socketPath: url.pathname } : undefined;
  if (url?.protocol === 'tcp:') return { host: url.hostname, port: url.port };
  return undefined;
}

/** Starts a container of `TEST_PG_IMAGE` (PostgreSQL 18 by default). Rejects when it is not up within 90 seconds. */
export async function startContainer(env: NodeJS.ProcessEnv = process.env): Promise<Started> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = new PostgreSqlContainer(env['TEST_PG_IMAGE'] ?? 'postgres:18-alpine')
    .withCommand([
      'postgres',
      '-c',
      'fsync=off',
      '-c',
      'max_connections=200',
      '-c',
      'max_prepared_transactions=10',
    ])
    .withDatabase('postgres')
    .withStartupTimeout(START_WITHIN);
  const started = await within(START_WITHIN, container.start());
  return {
    url: started.getConnectionUri(),
    stop: async () => {
      await started.stop();
    },
  };
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    limit = setTimeout(
      () => reject(new Error(`the container was not up after ${milliseconds} ms`)),
      milliseconds,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(limit));
}
