import { escapeIdentifier as quoted, escapeLiteral } from 'pg';
import { since } from '../../postgres/version';
import { ACTIONS } from '../style';
import { at, toSomeKey, type Context, type Damage, type KindOfDamage } from './damage';
import type { LiveKey } from './site';

/** Damages to the constraint of one key; no row is touched. */
export const keyDamages: readonly KindOfDamage[] = [
  toSomeKey((key) => done('a key is dropped', key, drop(key), at('missing-foreign-key', key.relation))),
  toSomeKey((key) =>
    done(
      'a key is made NOT VALID',
      key,
      replace(key, `${key.definition} not valid`),
      at('not-valid-foreign-key', key.relation),
    ),
  ),
  toSomeKey((key, context) => {
    const written = context.isWritten(key.relation, 'onDelete');
    return done(
      'a key gets another ON DELETE',
      key,
      replace(key, definitionOf(key, { onDelete: otherAction(key.onDelete, key, context) })),
      at(written ? 'wrong-on-delete' : 'default-action-differs', key.relation),
    );
  }),
  toSomeKey(
    (key, context) =>
      done(
        'a key gets another ON UPDATE',
        key,
        replace(key, definitionOf(key, { onUpdate: otherAction(key.onUpdate, key, context) })),
        at('wrong-on-update', key.relation),
      ),
    ({ relation }, { isWritten }) => isWritten(relation, 'onUpdate'),
  ),
  toSomeKey(
    (key, context) =>
      done(
        'a key points at another parent',
        key,
        replace(key, definitionOf(key, context.random.pick(otherParents(key, context)))),
        at('wrong-target', key.relation),
      ),
    (key, context) => otherParents(key, context).length > 0,
  ),
  toSomeKey((key) =>
    done(
      'a key stands twice',
      key,
      add(key, key.definition, 'once_more'),
      at('duplicate-foreign-key', key.relation),
    ),
  ),
  toSomeKey((key, context) =>
    done(
      'a second key has another action',
      key,
      add(key, definitionOf(key, { onDelete: otherAction(key.onDelete, key, context) }), 'another'),
      at('duplicate-foreign-key', key.relation),
    ),
  ),
  toSomeKey((key, { random }) =>
    done(
      'a trigger of a key is disabled',
      key,
      disableTrigger(key, random.below(4)),
      at('disabled-trigger', key.relation),
    ),
  ),
  ...since(
    18,
    toSomeKey((key) =>
      done(
        'a key is no longer enforced',
        key,
        alter(key, `alter constraint ${quoted(key.name)} not enforced`),
        at('not-enforced-foreign-key', key.relation),
      ),
    ),
  ),
  toSomeKey(
    (key) =>
      done(
        'a key is checked at another time',
        key,
        alter(
          key,
          `alter constraint ${quoted(key.name)} deferrable initially ${key.initiallyDeferred ? 'immediate' : 'deferred'}`,
        ),
        at('wrong-deferrable', key.relation),
      ),
    ({ relation }, { isTimed }) => isTimed(relation),
  ),
  toSomeKey(
    (key) =>
      done(
        'the column of a SET NULL key becomes NOT NULL',
        key,
        alter(key, `alter column ${quoted(key.column)} set not null`),
        at('impossible-set-null', key.relation),
      ),
    (key) => key.onDelete === 'SET NULL' && !key.notNull,
  ),
];

const done = (name: string, { child, parent }: LiveKey, sql: string, own: string): Damage => ({
  name,
  sql,
  tables: [...new Set([child, parent])],
  own,
});

const alter = ({ child }: LiveKey, what: string): string => `alter table ${child} ${what}`;
const drop = (key: LiveKey): string => alter(key, `drop constraint ${quoted(key.name)}`);
const add = (key: LiveKey, definition: string, name = key.name): string =>
  alter(key, `add constraint ${quoted(name)} ${definition}`);
/** The key again with another definition. */
export const replace = (key: LiveKey, definition: string): string => `${drop(key)}; ${add(key, definition)}`;

/** One of the four triggers that carry out a key: two on the child's table, two on the parent's. */
const disableTrigger = ({ child, name }: LiveKey, which: number): string => `
  do $$ begin execute (
    select format('alter table %s disable trigger %I', t.tgrelid::regclass, t.tgname)
      from pg_trigger t join pg_constraint k on k.oid = t.tgconstraint
     where k.conrelid = ${escapeLiteral(child)}::regclass and k.conname = ${escapeLiteral(name)}
     order by t.tgtype, t.tgname offset ${which} limit 1);
  end $$`;

/** The definition with another action, or another parent. */
export function definitionOf(key: LiveKey, change: Partial<LiveKey>): string {
  const { parent, parentColumn, onDelete, onUpdate, deferrable, initiallyDeferred } = { ...key, ...change };
  const when = deferrable ? ` deferrable initially ${initiallyDeferred ? 'deferred' : 'immediate'}` : '';
  return `foreign key (${quoted(key.column)}) references ${parent} (${quoted(parentColumn)}) on delete ${onDelete} on update ${onUpdate}${when}`;
}

/** Another action than the key's own; SET NULL only where the column may be null. */
export const otherAction = (current: string, { notNull }: LiveKey, { random }: Context): string =>
  random.pick(ACTIONS.filter((action) => action !== current && !(notNull && action === 'SET NULL')));

/** Columns of other tables that the key could point at: every table has a row for every key. */
const otherParents = (key: LiveKey, { site }: Context): readonly Partial<LiveKey>[] =>
  site.tables
    .filter(({ name }) => name !== key.parent)
    .flatMap(({ name, columns }) =>
      columns
        .filter((column) => column.key && column.type === key.type)
        .map((column) => ({ parent: name, parentColumn: column.name })),
    );
