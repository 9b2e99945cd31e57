import { groupBy } from '../group-by';
import type { Copies } from '../quarantine/contents';
import type { CopyCount, QuarantineStatus } from './status';

/** How much is kept, in all and for each table; `now` is the server's time. */
export const quarantineStatus = (
  copies: readonly Copies[],
  bytes: number,
  now: number,
): QuarantineStatus => ({
  ...countOf(copies, now),
  bytes,
  tables: [...groupBy(copies, ({ table }) => table)].map(([table, all]) => ({
    table,
    ...countOf(all, now),
    bytes: all.reduce((total, one) => total + one.bytes, 0),
  })),
});

function countOf(copies: readonly Copies[], now: number): CopyCount {
  const rows = copies.reduce((total, one) => total + one.rows, 0);
  const restored = copies.reduce((total, one) => total + one.restored, 0);
  const oldest = Math.min(...copies.flatMap((one) => one.oldest ?? []));
  return {
    rows,
    open: rows - restored,
    restored,
    ...(Number.isFinite(oldest) && {
      oldest: new Date(oldest).toISOString(),
      oldestMs: Math.max(0, now - oldest),
    }),
  };
}
