import { flag } from '../../catalog/row';
import type { Session } from '../../db';
import { has } from '../../own';
import { identifier, join, sql, typeName } from '../../sql';
import { valueTable } from './copy-values';
import type { Alike } from './insert';
import type { Reason } from './reason';

/** The reason when a column's present type would take digits away from values that it took whole when they were copied. */
export async function roundedAway(session: Session, { target, copies }: Alike): Promise<Reason | undefined> {
  const [first] = copies;
  if (!first) return undefined;
  const comesBack = (name: string): boolean =>
    first.action === 'change' ? first.changed.includes(name) : has(first.values, name);
  const columns = target.columns.filter(
    ({ name, rounds, generated }) => rounds && !generated && comesBack(name),
  );
  if (columns.length === 0) return undefined;
  const values = valueTable(copies, columns);
  const [row] = await session.query(
    sql`select ${join(
      columns.map((column) => {
        const value = values.typed('value', column);
        return sql`pg_catalog.bool_or(${value} is distinct from ${value}::${typeName(column.type)}) as ${identifier(column.name)}`;
      }),
      ', ',
    )} from ${values.from}`,
  );
  const rounded = columns.find(({ name }) => flag(row, name));
  return (
    rounded && {
      text: `the column ${rounded.name} is ${rounded.type} now, which would round its value`,
      code: '22000',
    }
  );
}
