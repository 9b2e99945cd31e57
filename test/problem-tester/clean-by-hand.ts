import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Plan } from 'sequelize-fk-guard';
import type { Judge } from '../postgres/judge';

type Cleaning = Extract<Plan['steps'][number]['change'], { readonly orphans: unknown }>;

/** A clean-up in one plain statement, for judging the steps around it without the guard. */
export async function cleanByHand(
  database: Judge,
  { strategy, orphans, newParent, nullColumns }: Cleaning,
): Promise<void> {
  const table = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
    `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
  const columns = orphans.childColumns.map(escapeIdentifier);
  const match = columns.map(
    (column, i) => `p.${escapeIdentifier(orphans.parentColumns[i] ?? '')} = c.${column}`,
  );
  const what =
    strategy === 'delete'
      ? `delete from ${table(orphans.child)} c`
      : `update ${table(orphans.child)} c set ${(nullColumns?.map(escapeIdentifier) ?? columns).map((column, i) => `${column} = ${newParent ? escapeLiteral(newParent[i] ?? '') : 'null'}`).join(', ')}`;
  if (orphans.uncastable) {
    // Only for values that no cast can take: what others are is for the test of the whole repair to say.
    await database.query(`${what} where ${columns.map((column) => `c.${column} is not null`).join(' and ')}`);
    return;
  }
  const complete = columns.map((column) => `c.${column} is not null`);
  await database.query(`${what} where ${complete.join(' and ')}
    and not exists (select from ${table(orphans.parent)} p where ${match.join(' and ')})`);
}

type Filling = Extract<Plan['steps'][number]['change'], { readonly op: 'fill-shadow-column' }>;

/** The trigger does it, whatever is written. */
export const fillByHand = (database: Judge, { conversion, shadow }: Filling): Promise<unknown> =>
  database.query(
    `update ${escapeIdentifier(conversion.table.schema)}.${escapeIdentifier(conversion.table.name)} set ${escapeIdentifier(shadow.column)} = null`,
  );
