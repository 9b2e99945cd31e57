import type { FkGuard, Impact } from 'sequelize-fk-guard';
import type { RandomRow } from './random-rows';
import { realDeletes } from './real-delete';

/** What an impact says, in the words of `Real`. */
export const promised = ({ tables }: Impact): readonly string[] =>
  tables.map(({ table, rowsDeleted, rowsChanged }) => `${table} ${rowsDeleted} ${rowsChanged}`).sort();

/** How often which answer came, and every row that a real delete has treated otherwise than it was said. */
export interface Held {
  readonly deletes: number;
  readonly blocked: number;
  readonly unknown: number;
  readonly wrong: readonly object[];
}

/** Asks about each row and then deletes it for real; an answer that leaves something open is only counted. */
export async function heldAgainstReal(
  url: string,
  guard: Pick<FkGuard, 'impact'>,
  rows: readonly RandomRow[],
): Promise<Held> {
  const real = await realDeletes(url);
  const held = { deletes: 0, blocked: 0, unknown: 0, wrong: [] as object[] };
  try {
    for (const { table, key, statement } of rows) {
      const impact = await guard.impact(table, key);
      const done = await real.remove(statement);
      held[impact.verdict]++;
      const told = impact.verdict === 'deletes' ? promised(impact) : impact.verdict;
      const came = done.error === undefined ? done.tables : 'blocked';
      if (told !== 'unknown' && JSON.stringify(told) !== JSON.stringify(came))
        held.wrong.push({ statement, told, came, error: done.error, blocks: impact.blocks });
    }
  } finally {
    await real.close();
  }
  return held;
}
