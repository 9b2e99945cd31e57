import { columns, identifier, literal, qualified, sql, type Sql } from '../sql';
import { castOrNull, changesForm, typeOf } from './cast-statement';
import type { ColumnGrant, Conversion, ShadowIndex, ShadowSwap, Shadowed } from './conversion';
import { dropIndex } from './key-statement';
import type { Lock, Statement } from './statement';

/** What the comment of a shadow column says, so that a later run knows it for the guard's own, and of the type that is still wanted. */
export const shadowMark = ({ cast }: Pick<Conversion, 'cast'>): string =>
  `fk-guard: takes the place of "${cast.column}" as ${cast.to} when it is filled`;

/**
 * A column of the new type, and a trigger that fills it for every row that an application writes. It fires last, so
 * that it sees what the application's own triggers have made of the row. Its condition is always true and names the
 * column, so that the column cannot be dropped alone (2BP01): `sync({ alter: true })` drops what no model has, and
 * each write would fail then.
 */
export function addShadow({ conversion, shadow }: Shadowed): readonly Statement[] {
  const { table, cast, collation } = conversion;
  const [column, on] = [identifier(shadow.column), qualified(table)];
  const rule = collation
    ? sql` collate ${identifier(collation.schema)}.${identifier(collation.name)}`
    : sql``;
  const value = castOrNull(sql`new.${identifier(cast.column)}`, cast);
  const body = sql`begin new.${column} := ${value}; return new; end`;
  return [
    free(sql`create schema if not exists ${identifier(shadow.schema)}`),
    exclusive(conversion, sql`alter table ${on} add column ${column} ${typeOf(cast.to)}${rule}`),
    exclusive(conversion, sql`comment on column ${on}.${column} is ${literal(shadowMark(conversion))}`),
    free(
      sql`create function ${functionOf(shadow)}() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as ${literal(body)}`,
    ),
    exclusive(
      conversion,
      sql`create trigger ${identifier(shadow.trigger)} before insert or update on ${on} for each row when (new.${column} is null or new.${column} is not null) execute function ${functionOf(shadow)}()`,
    ),
  ];
}

/** An index as the old column has one, or the one of the rows that change their form. */
export function shadowIndex({
  conversion,
  shadow,
  index,
}: Shadowed & { readonly index: ShadowIndex }): readonly Statement[] {
  const { table, cast } = conversion;
  const kind = index.unique ? sql`unique index` : sql`index`;
  const where = index.changedOnly
    ? sql` where ${changesForm(identifier(cast.column), identifier(shadow.column), cast)}`
    : sql``;
  return [
    {
      sql: sql`create ${kind} concurrently ${identifier(index.name)} on ${qualified(table)} using ${identifier(index.method)} (${columns(index.columns)})${where}`,
      locks: [{ table, mode: 'SHARE UPDATE EXCLUSIVE' }],
      transactional: false,
      creates: true,
      afterFailure: dropIndex(table, index.name),
    },
  ];
}

/** The shadow takes the column's place; the old column takes its own indexes with it. */
export function swapShadow({
  conversion,
  shadow,
  follow,
}: Shadowed & { readonly follow: ShadowSwap }): readonly Statement[] {
  const { table, cast, default: usual } = conversion;
  const [on, column] = [qualified(table), identifier(cast.column)];
  const actions = [
    ...(follow.check === undefined
      ? []
      : [sql`alter column ${column} set not null`, sql`drop constraint ${identifier(follow.check)}`]),
    ...(typeof usual?.converted === 'string'
      ? [sql`alter column ${column} set default ${literal(usual.converted)}`]
      : []),
  ];
  const statements = [
    sql`lock table ${on} in access exclusive mode`,
    sql`drop trigger ${identifier(shadow.trigger)} on ${on}`,
    sql`alter table ${on} drop column ${column}`,
    sql`alter table ${on} rename column ${identifier(shadow.column)} to ${column}`,
    ...actions.map((action) => sql`alter table ${on} ${action}`),
    sql`comment on column ${on}.${column} is ${follow.comment === undefined ? sql`null` : literal(follow.comment)}`,
    ...follow.grants.map((grant) => grantOn(on, column, grant)),
  ];
  return [
    ...statements.map((text) => exclusive(conversion, text)),
    ...follow.indexes.map(({ copy, name }) =>
      free(sql`alter index ${qualified({ ...table, name: copy })} rename to ${identifier(name)}`),
    ),
    free(sql`drop function ${functionOf(shadow)}()`),
  ];
}

const PRIVILEGES = {
  SELECT: sql`select`,
  INSERT: sql`insert`,
  UPDATE: sql`update`,
  REFERENCES: sql`references`,
} as const;

const grantOn = (on: Sql, column: Sql, { privilege, role, grantable }: ColumnGrant): Sql =>
  sql`grant ${PRIVILEGES[privilege]} (${column}) on ${on} to ${role === undefined ? sql`public` : identifier(role)}${grantable ? sql` with grant option` : sql``}`;

const functionOf = ({ schema, function: name }: Shadowed['shadow']): Sql => qualified({ schema, name });

const exclusive = ({ table }: Conversion, text: Sql): Statement => {
  const lock: Lock = { table, mode: 'ACCESS EXCLUSIVE' };
  return { sql: text, locks: [lock], transactional: true };
};

const free = (text: Sql): Statement => ({ sql: text, locks: [], transactional: true });
