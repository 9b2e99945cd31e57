import { identifier, join, sql } from '../sql';
import { setLocal } from './session-settings';

const SETTINGS = {
  enable_indexscan: 'off',
  enable_indexonlyscan: 'off',
  enable_bitmapscan: 'off',
  enable_seqscan: 'on',
  enable_partition_pruning: 'off',
} as const;

/**
 * `read` makes PostgreSQL read tables and not their indexes, which may have lost rows, and all partitions of them, since
 * a row may stand in one where nobody would search for it. `asUsual` takes that back within a transaction: the plans of
 * a session's key checks are kept, and those must not be made under it.
 */
export const wholeTables = {
  read: setLocal(SETTINGS),
  asUsual: join(
    Object.keys(SETTINGS).map((name) => sql`set local ${identifier(name)} to default`),
    ';\n',
  ),
} as const;
