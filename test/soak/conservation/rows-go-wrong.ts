import { escapeIdentifier as quoted } from 'pg';
import type { LiveKey, Site } from '../../generator/damage/site';
import type { Random } from '../../generator/random';

/** What is done to rows, in words and in SQL; it goes past every key. */
export interface RowDamage {
  readonly name: string;
  readonly sql: string;
}

const past = (sql: string): string =>
  `set session_replication_role = replica; ${sql}; reset session_replication_role`;

/** Rows of a table by chance, as a condition. */
const some = (table: string, rows: number, from: number): string =>
  `ctid = any (array(select ctid from ${table} order by md5(ctid::text || ${from}) limit ${rows}))`;

/** A number of its own for each row. */
const ownNumber = ({ child }: LiveKey): string =>
  child.includes('BookAuthors') ? `"bookId" * 100 + "authorId"` : 'id';

const KINDS: readonly ((key: LiveKey, random: Random, site: Site) => RowDamage)[] = [
  (key, random) => orphaned(key, random, 'missing keys', `9000 + ${ownNumber(key)}`),
  (key, random) => orphaned(key, random, 'one missing key', '9999'),
  (key, random) => orphaned(key, random, 'a placeholder', String(random.pick([0, -1]))),
  (key, random) => orphaned(key, random, 'huge keys', `2147483647 - ${ownNumber(key)}`),
  ({ parent }, random) => ({
    name: `rows of ${parent} are deleted`,
    sql: past(`delete from ${parent} where ${some(parent, 1 + random.below(4), random.below(1e6))}`),
  }),
  ({ child, column }, random) => ({
    name: `${child}.${column} is null in some rows`,
    sql: `alter table ${child} alter column ${quoted(column)} drop not null;
      update ${child} set ${quoted(column)} = null where ${some(child, 1 + random.below(5), random.below(1e6))}`,
  }),
  (_, random) => ({
    name: 'a shelf stands in itself, and two in each other',
    sql: past(`update "Categories" set "parentId" = id where id = ${1 + random.below(14)};
      update "Categories" set "parentId" = case id when 5 then 6 else 5 end where id in (5, 6)`),
  }),
  (_, random) => ({
    name: 'a chain of shelves has lost its top',
    sql: past(`insert into "Categories" (id, name, "parentId", "createdAt", "updatedAt")
      select 100 + i, 'chain', 99 + i, now(), now() from generate_series(1, ${2 + random.below(6)}) i;
      update "Books" set "categoryId" = 102 where id = ${1 + random.below(20)}`),
  }),
  (_, random) => ({
    name: 'checkouts without a user have fines of their own',
    sql: past(`insert into "Checkouts" (id, "userId", "bookId", "dueAt", "createdAt", "updatedAt")
      select 200 + i, 700 + i, 1 + i, now(), now(), now() from generate_series(1, ${1 + random.below(4)}) i;
      insert into "Fines" (id, "checkoutId", cents, "createdAt", "updatedAt") select 200 + i, 200 + i, i, now(), now() from generate_series(1, 4) i`),
  }),
  ({ child }, random) => ({
    name: `${child} has rows twice`,
    sql: `do $$ begin execute (select 'alter table ${child} drop constraint ' || quote_ident(conname) || ' cascade'
        from pg_constraint where conrelid = '${child}'::regclass and contype = 'p'); end $$;
      ${past(`insert into ${child} select * from ${child} where ${some(child, 2, random.below(1e6))}`)}`,
  }),
];

function orphaned({ child, column }: LiveKey, random: Random, what: string, value: string): RowDamage {
  const rows = 1 + random.below(random.pick([3, 8, 20]));
  return {
    name: `${child}.${column} has ${what}`,
    sql: past(
      `update ${child} set ${quoted(column)} = ${value} where ${some(child, rows, random.below(1e6))}`,
    ),
  };
}

/** Orphans more often than the rest. */
export function rowsGoWrong(site: Site, random: Random): readonly RowDamage[] {
  const kinds = [...KINDS.slice(0, 5), ...KINDS];
  return Array.from({ length: 1 + random.below(4) }, () =>
    random.pick(kinds)(random.pick(site.keys), random, site),
  );
}

/** A column of a key gets another type, which its values fit more or less. */
export function typeGoesWrong({ child, column }: LiveKey, random: Random): RowDamage {
  const name = quoted(column);
  const [type, using] = random.pick([
    ['text', `${name}::text`],
    ['text', `case when ${name} % 3 = 0 then lpad(${name}::text, 5, '0') else ${name}::text end`],
    ['text', `case when ${name} % 4 = 0 then 'no number ' || ${name} else ${name}::text end`],
    ['uuid', `md5(${name}::text)::uuid`],
    ['bigint', name],
    ['bigint', `case when ${name} % 4 = 0 then ${name} + 9007199254740993 else ${name} end`],
    ['numeric', `${name}::numeric(20, 5)`],
    ['numeric', `case when ${name} % 5 = 0 then ${name} + 0.5 else ${name} end`],
  ] as const);
  return {
    name: `${child}.${column} becomes ${type} (${using})`,
    sql: `do $$ declare k record; begin for k in select conrelid::regclass as place, conname from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attname = '${column}' and a.attnum = any (c.conkey)
        where c.conrelid = '${child}'::regclass and c.contype = 'f' loop execute format('alter table %s drop constraint %I', k.place, k.conname); end loop; end $$;
      alter table ${child} alter column ${name} type ${type} using ${using}`,
  };
}
