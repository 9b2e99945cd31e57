import type { Server } from './catalog/catalog';
import type { Database } from './db';
import type { DatabaseInfo } from './outcome';

/** Which database it is, for a first line. */
export function databaseInfo({ label }: Pick<Database, 'label'>, server: Server): DatabaseInfo {
  const [major, minor] = [Math.floor(server.version / 10_000), server.version % 10_000];
  return { name: server.database, host: label.split('/')[0] ?? '', serverVersion: `${major}.${minor}` };
}
