import { serverVersion } from '../../postgres/version';
import { withoutKey } from './without-key';

/** From PostgreSQL 18 on a partitioned table takes a NOT VALID key like any other table. */
export const inOneGo = serverVersion() >= 180_000;

/**
 * A log by place, one of whose parts is partitioned itself; the columns of a leaf stand in another order, and one part
 * has no partition at all.
 */
export const LOG = `
  create schema "a.b";
  create table people (tenant int, id int, primary key (tenant, id));
  create table "a.b"."Log" (no int, tenant int, "Person" int, place int) partition by list (place);
  create table "a.b"."Log.1" partition of "a.b"."Log" for values in (1);
  create table "a.b"."Log.2" partition of "a.b"."Log" for values in (2) partition by range (no);
  create table public.leaf ("Person" int, gone int, place int, no int, tenant int);
  alter table leaf drop column gone;
  alter table "a.b"."Log.2" attach partition leaf for values from (0) to (100);
  create table "a.b"."Log.3" partition of "a.b"."Log" default partition by range (no);
  insert into people values (1, 1), (1, 2), (2, 1);
  insert into "a.b"."Log" values (1, 1, 1, 1), (2, 1, 2, 2), (3, null, 1, 2), (4, 2, null, 1);`;

/** Rows of nobody in both leaves: with the same ctid as good rows of the other one. */
export const NOBODY = `insert into "a.b"."Log" values (5, 2, 2, 1), (6, 9, 9, 2);`;

export const KEY = { child: '"a.b"."Log"(tenant,Person)', parent: 'public.people(tenant,id)' } as const;
export const ID = '"a.b".Log.tenant,Person';

export const LEAVES = ['"a.b"."Log.1"', '"public"."leaf"'] as const;
export const key = (name: string, actions: string): string =>
  `add constraint "${name}" foreign key ("tenant", "Person") references "public"."people" ("tenant", "id") ${actions}`;
export const lock = (table: string, mode = 'share row exclusive'): string =>
  `lock table ${table} in ${mode} mode`;
export const PEOPLE = '"public"."people"';

const ACTIONS = { 'no action': 'a', restrict: 'r', cascade: 'c', 'set null': 'n' } as const;

/** What makes sure that no partition has to be scanned. */
export const everyPartitionHasOne = (onDelete: keyof typeof ACTIONS, child = `"a.b"."Log"`): string =>
  withoutKey(child, PEOPLE, ACTIONS[onDelete], `'tenant', 'Person'`, `'tenant', 'id'`);

/** The whole's key and, in its words, those of all its parts; `names` gives the leaves'. */
export const printed = (
  sign: '+' | '-',
  names: { readonly whole: string; readonly first: string; readonly leaf: string },
  rest = '',
): readonly string[] => {
  const text = `FOREIGN KEY (tenant, "Person") REFERENCES people(tenant, id)${rest}`;
  return [
    `${sign} "a.b"."Log" ${quoted(names.whole)}: ${text}`,
    `${sign} "a.b"."Log.1" ${quoted(names.first)}: ${text}`,
    `${sign} "a.b"."Log.2" ${quoted(names.whole)}: ${text}`,
    `${sign} "a.b"."Log.3" ${quoted(names.whole)}: ${text}`,
    `${sign} public.leaf ${quoted(names.leaf)}: ${text}`,
  ];
};

/** As `format('%I')` does it. */
const quoted = (name: string): string => (/^[a-z_]+$/.test(name) ? name : `"${name}"`);
