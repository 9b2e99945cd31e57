import { join, literal, sql, type Sql } from '../sql';

/** True for a name that is one of these; for none it is false. */
export const among = (name: Sql, names: readonly string[]): Sql =>
  sql`${name} = any (array[${join(names.map(literal), ', ')}]::name[])`;
