import {
  cast,
  castable,
  castOrNull,
  changesForm,
  isTextType,
  typeOf,
  uncastable,
} from '../../src/changes/cast-statement';
import { checkRemap, remapRows } from '../../src/changes/remap-statement';
import { statementsOf } from '../../src/changes/statement';
import { sql } from '../../src/sql';
import { changes, conversion, shadow, users } from './changes';

/** What the questions answer for single values is asked of PostgreSQL in test/conversion/casts.test.ts. */

const of = (from: string, to: string) => ({ column: 'v', from, to });
const value = sql`v`;
const text = 'v::pg_catalog.text collate pg_catalog."C"';
const number = 'v::pg_catalog.text::numeric';
const between = (what: string, least: string, most: string): string =>
  `${what} operator(pg_catalog.>=) (${least}) and ${what} operator(pg_catalog.<=) ${most}`;
const INTEGERS = [
  ['smallint', '-32768', '32767'],
  ['integer', '-2147483648', '2147483647'],
  ['bigint', '-9223372036854775808', '9223372036854775807'],
] as const;

describe('a type is written so that no search_path can put another one in its place', () => {
  it.each([
    ['smallint', 'smallint'],
    ['integer', 'integer'],
    ['bigint', 'bigint'],
    ['numeric', 'numeric'],
    ['numeric(10,2)', 'numeric(10, 2)'],
    ['numeric(12)', 'numeric(12)'],
    ['numeric(20,10)', 'numeric(20, 10)'],
    ['character(5)', 'character(5)'],
    ['character varying(36)', 'character varying(36)'],
    ['character varying', 'character varying'],
    ['text', 'pg_catalog.text'],
    ['uuid', 'pg_catalog.uuid'],
  ])('%s', (type, written) => expect(typeOf(type)).toBe(written));

  it('and a type that values are not converted to is none', () => {
    expect(() => typeOf('citext')).toThrow('not a type that values are converted to or from: citext');
  });

  it('text has three of them', () => {
    const types = ['text', 'character varying(3)', 'character(3)', 'uuid', 'integer', 'citext'];
    expect(types.filter(isTextType)).toEqual(['text', 'character varying(3)', 'character(3)']);
  });
});

describe('which values have a place in the new type', () => {
  it.each(INTEGERS)('text that is a whole number in the range of %s', (to, least, most) => {
    expect(castable(value, of('text', to))).toBe(
      `case when (${text}) operator(pg_catalog.~) '^[-+]?[0-9]{1,40}$' then ${between(number, least, most)} else false end`,
    );
  });

  it.each(INTEGERS)('a numeric that is whole and in the range of %s', (to, least, most) => {
    expect(castable(value, of('numeric(20,2)', to))).toBe(
      `case when ${between('v', least, most)} then v operator(pg_catalog.=) pg_catalog.trunc(v) else false end`,
    );
  });

  const decimal = `(${text}) operator(pg_catalog.~) '^[-+]?[0-9]{1,200}([.][0-9]{1,200})?$'`;
  const within = (most: string, scale: number): string =>
    `pg_catalog.abs(${number}) operator(pg_catalog.<) '${most}'::numeric and ${number} operator(pg_catalog.=) pg_catalog.round(${number}, ${scale})`;
  it.each([
    ['numeric', 'true'],
    ['numeric(4,1)', within('1000', 1)],
    ['numeric(12)', within('1000000000000', 0)],
    ['numeric(12,10)', within('100', 10)],
  ])('text that is a number and fits %s without being rounded', (to, fits) => {
    expect(castable(value, of('text', to))).toBe(`case when ${decimal} then ${fits} else false end`);
  });

  it('text that is a uuid, with its hyphens or without', () => {
    expect(castable(value, of('text', 'uuid'))).toBe(
      `(${text}) operator(pg_catalog.~) '^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$'`,
    );
  });

  it.each([
    ['text', 'true'],
    ['character varying', 'true'],
    ['character varying(36)', 'pg_catalog.char_length(v::pg_catalog.text) operator(pg_catalog.<=) 36'],
  ])('whatever is short enough for %s', (to, fits) => {
    expect(castable(value, of('uuid', to))).toBe(fits);
    expect(castable(value, of('numeric', to))).toBe(fits);
  });

  it('none, where a uuid would have to be a number, or a number a uuid', () => {
    for (const [from, to] of [
      ['uuid', 'integer'],
      ['bigint', 'uuid'],
    ] as const) {
      expect(castable(value, of(from, to))).toBe('false');
      expect(castOrNull(value, of(from, to))).toBe(`null::${typeOf(to)}`);
    }
  });

  it('the others are told apart from null, which has a place everywhere', () => {
    expect(uncastable(value, of('uuid', 'text'))).toBe('(v is not null and not (true))');
  });
});

describe('a value in its new type', () => {
  it('comes by a cast, and from `character` without its padding', () => {
    expect(cast(value, of('text', 'integer'))).toBe('v::integer');
    expect(cast(value, of('character(36)', 'uuid'))).toBe('v::pg_catalog.text::pg_catalog.uuid');
  });

  it('is null where it has none', () => {
    expect(castOrNull(value, of('uuid', 'character varying(4)'))).toBe(
      'case when pg_catalog.char_length(v::pg_catalog.text) operator(pg_catalog.<=) 4 then v::character varying(4) end',
    );
  });

  const asText = (column: string): string => `${column}::pg_catalog.text collate pg_catalog."C"`;
  const padded = (column: string): string =>
    ` or pg_catalog.octet_length(${column}) operator(pg_catalog.<>) pg_catalog.octet_length(${column}::pg_catalog.text)`;
  it.each([
    ['text', 'integer', ''],
    ['character(5)', 'integer', padded('old')],
    ['uuid', 'character(40)', padded('now')],
  ])('%s to %s: has another form when its text, or its padding, is another', (from, to, padding) => {
    expect(changesForm(sql`old`, sql`now`, of(from, to))).toBe(
      `(${asText('old')} is distinct from ${asText('now')}${padding})`,
    );
  });
});

describe('a remap', () => {
  const remap = { using: 'select a, b from c;' };

  it('is asked for values that it names twice, and for keys that the parent does not have', () => {
    const check = checkRemap(remap, users, sql`"id"`, 'uuid');
    expect(check).toContain(`with map as materialized (${remapRows(remap)})`);
    expect(check).toContain('from map where old is null) as nameless');
    expect(check).toContain(
      'having pg_catalog.count(*) operator(pg_catalog.>) 1 order by old limit $1::integer',
    );
    expect(check).toContain(
      'not exists (select from "app"."Users" p where p."id" operator(pg_catalog.=) map.new::pg_catalog.uuid)',
    );
    expect(remapRows(remap)).toContain(
      'from ((select a, b from c\n) union all select null, null) as m(old, new)',
    );
  });
});

describe('a column that is converted beside the application', () => {
  const sqlOf = (change: Parameters<typeof statementsOf>[0]): readonly string[] =>
    statementsOf(change).map((statement) => statement.sql);
  const collation = { schema: 'app', name: 'German' };

  it('has the collation of the parent’s', () => {
    const [, add] = sqlOf({ ...changes['add-shadow-column'], conversion: { ...conversion, collation } });
    expect(add).toBe(
      'alter table "app"."Checkouts" add column "userId_fk_guard" integer collate "app"."German"',
    );
  });

  it.each([
    [true, 'create unique index concurrently'],
    [false, 'create index concurrently'],
  ])('has its indexes: unique %s', (unique, create) => {
    const index = { ...changes['create-shadow-index'].index, unique };
    expect(sqlOf({ ...changes['create-shadow-index'], index })).toEqual([
      `${create} "by_user_fk_guard" on "app"."Checkouts" using "btree" ("userId_fk_guard", "b")`,
    ]);
  });

  it('takes the place of the old one in a row of statements, and loses what it was only made with', () => {
    expect(
      sqlOf({ op: 'swap-shadow-column', conversion, shadow, follow: { indexes: [], grants: [] } }),
    ).toEqual([
      'lock table "app"."Checkouts" in access exclusive mode',
      'drop trigger "userId_fk_guard" on "app"."Checkouts"',
      'alter table "app"."Checkouts" drop column "userId"',
      'alter table "app"."Checkouts" rename column "userId_fk_guard" to "userId"',
      'comment on column "app"."Checkouts"."userId" is null',
      'drop function "fk_guard"."Checkouts_userId"()',
    ]);
  });

  it('gets back what the old one had: NOT NULL, default, comment, privileges, the names of its indexes', () => {
    const follow = {
      check: 'userId_not_null',
      comment: "whose it is, isn't it",
      indexes: [{ copy: 'by_user_fk_guard', name: 'by_user' }],
      grants: [
        { privilege: 'SELECT', role: 'reader', grantable: true },
        { privilege: 'INSERT', grantable: false },
        { privilege: 'UPDATE', role: 'writer', grantable: false },
        { privilege: 'REFERENCES', role: 'writer', grantable: false },
      ],
    } as const;
    const usual = { written: "'7'::text", converted: '7' };
    const found = sqlOf({
      op: 'swap-shadow-column',
      conversion: { ...conversion, default: usual },
      shadow,
      follow,
    });
    expect(found.slice(4)).toEqual([
      'alter table "app"."Checkouts" alter column "userId" set not null',
      'alter table "app"."Checkouts" drop constraint "userId_not_null"',
      `alter table "app"."Checkouts" alter column "userId" set default '7'`,
      `comment on column "app"."Checkouts"."userId" is 'whose it is, isn''t it'`,
      'grant select ("userId") on "app"."Checkouts" to "reader" with grant option',
      'grant insert ("userId") on "app"."Checkouts" to public',
      'grant update ("userId") on "app"."Checkouts" to "writer"',
      'grant references ("userId") on "app"."Checkouts" to "writer"',
      'alter index "app"."by_user_fk_guard" rename to "by_user"',
      'drop function "fk_guard"."Checkouts_userId"()',
    ]);
  });
});
