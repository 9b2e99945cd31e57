import { own } from '../../own';
import type { Session } from '../../db';
import { literal, sql } from '../../sql';
import { isReason, type Reason } from './reason';
import type { Copy } from './copies';
import type { Target } from './target';

/** Finds the column whose type cannot hold the copy's value any more; none where each value by itself is well. */
export async function misfit(
  session: Session,
  { columns }: Target,
  { action, values, changed }: Copy,
): Promise<Reason | undefined> {
  for (const { name, type, input, generated } of columns) {
    const value = own(values, name);
    if (generated || typeof value !== 'string' || (action === 'change' && !changed.includes(name))) continue;
    await session.query(sql`savepoint fk_guard_value`);
    try {
      await session.query(sql`select ${literal(value)}::${input} is null as nothing`);
    } catch (error) {
      if (!isReason(error)) throw error;
      await session.query(sql`rollback to savepoint fk_guard_value`);
      return { text: `the column ${name} is ${type} now, which cannot hold its value`, code: '22000' };
    }
    await session.query(sql`release savepoint fk_guard_value`);
  }
  return undefined;
}
