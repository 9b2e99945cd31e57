import { Client } from 'pg';
import { installedNativeDirectory } from './binaries';
import { dockerAnswers, startContainer } from './container';
import { startEmbedded } from './embedded';

/** A PostgreSQL that tests may do anything with. */
export interface Server {
  /** A superuser's connection string to a maintenance database. */
  readonly url: string;
  /** `server_version_num`, such as 180004. */
  readonly version: number;
  stop(): Promise<void>;
}

/** A running server before anybody has asked for its version. */
export type Started = Omit<Server, 'version'>;

/**
 * Gives a PostgreSQL: the one at `TEST_DATABASE_URL`, or a container when Docker answers (`TEST_PG=testcontainers`
 * insists on it), or npm's embedded binaries (`TEST_PG=embedded` insists on those, `TEST_PG=embedded-15` on a major
 * version of the matrix).
 */
export async function startServer(env: NodeJS.ProcessEnv = process.env): Promise<Server> {
  const started = await start(env);
  try {
    return { ...started, version: await versionOf(started.url) };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

async function start(env: NodeJS.ProcessEnv): Promise<Started> {
  if (env['TEST_DATABASE_URL']) return { url: env['TEST_DATABASE_URL'], stop: () => Promise.resolve() };
  const wish = env['TEST_PG'] ?? '';
  if (wish === 'testcontainers') return startContainer(env);
  if (wish === 'embedded') return startEmbedded();
  const [, major] = /^embedded-(\d+)$/.exec(wish) ?? [];
  if (major !== undefined) return startEmbedded(installedNativeDirectory(major));
  if (wish !== '') throw new Error(`TEST_PG is 'testcontainers', 'embedded' or 'embedded-15', not '${wish}'`);
  // Docker may answer and still be of no use, for example without a network to fetch the image from.
  return (await dockerAnswers(env)) ? startContainer(env).catch(() => startEmbedded()) : startEmbedded();
}

async function versionOf(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
    return Number(rows[0]?.server_version_num);
  } finally {
    await client.end();
  }
}
