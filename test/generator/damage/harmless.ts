import { escapeIdentifier as quoted } from 'pg';
import type { Context } from './damage';
import { definitionOf, otherAction, replace } from './key-damages';
import type { LiveKey } from './site';

/** A change that breaks no promise of the models. */
export interface HarmlessChange {
  readonly name: string;
  readonly sql: string;
  readonly tables: readonly string[];
}

/** One change of each kind, to a key by chance: a look at the database must stay silent. */
export const harmlessChanges = (context: Context): readonly HarmlessChange[] =>
  CHANGES.flatMap(({ name, fits = () => true, sql }) => {
    const keys = context.site.keys.filter((key) => fits(key, context));
    if (keys.length === 0) return [];
    const key = context.random.pick(keys);
    return [{ name, sql: sql(key, context), tables: [key.child, key.parent, 'public.notes'] }];
  });

interface Kind {
  readonly name: string;
  fits?(key: LiveKey, context: Context): boolean;
  sql(key: LiveKey, context: Context): string;
}

const CHANGES: readonly Kind[] = [
  {
    name: 'a key gets another name',
    sql: ({ child, name }) => `alter table ${child} rename constraint ${quoted(name)} to "by any other name"`,
  },
  {
    name: 'a key gets another ON UPDATE where nobody wrote one',
    fits: ({ relation }, { isWritten }) => !isWritten(relation, 'onUpdate'),
    sql: (key, context) =>
      replace(key, definitionOf(key, { onUpdate: otherAction(key.onUpdate, key, context) })),
  },
  {
    name: 'a key is checked at another time where the models do not say when',
    fits: ({ relation }, { isTimed }) => !isTimed(relation),
    sql: ({ child, name }) =>
      `alter table ${child} alter constraint ${quoted(name)} deferrable initially deferred`,
  },
  {
    name: 'a table gets a column, an index and a trigger more',
    sql: ({ child }) => `
      alter table ${child} add column remark text;
      create index on ${child} (remark);
      create function pg_temp.nothing() returns trigger language plpgsql as 'begin return new; end';
      create trigger audit before insert on ${child} execute function pg_temp.nothing()`,
  },
  {
    name: 'a parent gets a second unique index on its key',
    sql: ({ parent, parentColumn }) => `create unique index on ${parent} (${quoted(parentColumn)})`,
  },
  {
    name: 'a column that is never null becomes NOT NULL, where its key does not set it to null',
    fits: ({ onDelete, notNull }) => onDelete !== 'SET NULL' && !notNull,
    sql: ({ child, column }) => `alter table ${child} alter column ${quoted(column)} set not null`,
  },
  {
    name: 'a table of nobody points at a parent',
    sql: ({ parent, parentColumn, type }) => `
      create table public.notes (about ${type === 'character' ? 'char(2)' : type} references ${parent} (${quoted(parentColumn)}))`,
  },
];
