import {
  createGuard,
  type FkGuard,
  type FkGuardOptions,
  type ForeignKeyDeclaration,
} from 'sequelize-fk-guard';
import { scriptOf } from '../../src/script/script';
import type { TestDatabase } from '../postgres/database';

/** A damaged database, and what is wanted of it. */
export interface ScriptCase {
  readonly title: string;
  readonly schema: string;
  readonly foreignKeys: readonly ForeignKeyDeclaration[];
  readonly options?: FkGuardOptions;
}

const library = (checkouts: number): string => `
  create table users (id integer primary key);
  create table checkouts (id integer primary key, user_id integer, note xml, "odd ' name" char(5), proc regproc);
  create index on checkouts (user_id);
  insert into users select generate_series(1, 200);
  insert into checkouts select n, n, '<?xml version="1.0"?><a/>', 'a', 'now' from generate_series(1, ${checkouts}) as n;
`;
const CHECKOUTS = { child: 'public.checkouts(user_id)', parent: 'public.users(id)' } as const;

export const scriptCases: readonly ScriptCase[] = [
  {
    title: 'orphans go in batches, and a key beside is swapped',
    schema: `${library(1400)}
      create table fines (id integer primary key, checkout_id integer references checkouts on delete no action);
      create index on fines (checkout_id);
      insert into fines select n, n from generate_series(1, 50) as n;`,
    foreignKeys: [
      { ...CHECKOUTS, onDelete: 'CASCADE' },
      { child: 'public.fines(checkout_id)', parent: 'public.checkouts(id)', onDelete: 'SET NULL' },
    ],
  },
  {
    title: 'orphans lose their key',
    schema: library(230),
    foreignKeys: [{ ...CHECKOUTS, onDelete: 'SET NULL' }],
  },
  {
    title: 'an index is built outside of a transaction, a key is validated and one too many goes',
    schema: `
      create table users (id integer primary key, code integer not null);
      create table checkouts (id integer primary key, code integer, user_id integer);
      insert into users values (1, 10), (2, 20); insert into checkouts values (1, 10, 1), (2, 20, 2);
      alter table checkouts add constraint one foreign key (user_id) references users on delete cascade not valid;
      alter table checkouts add constraint two foreign key (user_id) references users on delete no action;`,
    foreignKeys: [
      { ...CHECKOUTS, onDelete: 'CASCADE' },
      { child: 'public.checkouts(code)', parent: 'public.users(code)', onDelete: 'CASCADE' },
    ],
    options: { indexes: 'create' },
  },
  {
    title: 'names that want to be something else',
    schema: `
      create table "u;\\! echo ':x'" ("i""d
\\q" integer primary key);
      create table "c$fk_guard$" (id integer primary key, "it's; %I --" integer);
      create index on "c$fk_guard$" ("it's; %I --");
      insert into "u;\\! echo ':x'" select generate_series(1, 9); insert into "c$fk_guard$" select n, n from generate_series(1, 11) n;`,
    foreignKeys: [
      {
        child: `public."c$fk_guard$"("it's; %I --")`,
        parent: 'public."u;\\! echo \':x\'"("i""d\n\\q")',
        onDelete: 'CASCADE',
      },
    ],
  },
];

/** One orphan. */
export const SMALL = {
  title: 'one orphan',
  schema: `
    create table users (id integer primary key); create table checkouts (id integer primary key, user_id integer);
    create table fines (id integer primary key, checkout_id integer);
    create index on checkouts (user_id);
    insert into users values (1), (2), (3); insert into checkouts values (1, 1), (2, 2), (3, 99);`,
  foreignKeys: [{ child: 'public.checkouts(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' }],
} as const;

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

export const guardFor = ({ foreignKeys, options }: ScriptCase, url: string): FkGuard =>
  createGuard({ url, foreignKeys }, { logger: silent, limits: { rows: 100_000 }, ...options });

export const RUN = '00000000-0000-4000-8000-000000000001';

/** The script of the plan of now. */
export const scriptFor = async (one: ScriptCase, { url }: TestDatabase): Promise<string> =>
  scriptOf(await guardFor(one, url).plan(), {
    tool: { name: 'sequelize-fk-guard', version: '0.1.0' },
    runId: RUN,
    schema: 'fk_guard',
    keepsRows: true,
    lockTimeoutMs: 10_000,
  });
