import type { ForeignKey } from './catalog';
import { once } from './once';
import { numbers, type Parts } from './parts';
import type { ReferentialAction } from '../schema';
import { sql, type Sql } from '../sql';

/** A common table expression `key`: the keys of each relation. Of few schemas they are looked up in the index of `pg_constraint`. */
export const keys = (ofSome: boolean): Sql => sql`
key as materialized (
  select con.* from pg_catalog.pg_constraint con
  where con.contype = 'f' and con.conrelid ${
    ofSome ? sql`= any (array(select oid from relation))` : sql`in (select oid from relation)`
  }
)`;

/** The part `key`: its columns and operators in the numbers of the catalog. */
export const keyParts = (version: number): Sql => sql`
select 'key', key.oid, key.conname::text,
  concat_ws(' ', key.conkey, key.confkey, key.conpfeqop, key.confdeltype, key.confupdtype, key.confmatchtype,
    key.convalidated, key.condeferrable, key.condeferred, key.conparentid <> 0,
    ${version >= 180000 ? sql`key.conenforced, key.conperiod` : sql`true, false`}${
      version >= 150000 ? sql`, key.confdelsetcols` : sql``
    }),
  pg_get_constraintdef(key.oid), concat_ws(' ', key.conrelid, key.confrelid)
from key`;

/** The part `parent`: names of parents that are none of the relations. */
export const parentParts: Sql = sql`
select 'parent', class.oid, namespace.nspname::text, class.relname::text, null, null
from (select confrelid as oid from key except select oid from relation) as parent
join pg_catalog.pg_class class on class.oid = parent.oid
join pg_catalog.pg_namespace namespace on namespace.oid = class.relnamespace`;

/** A key in the numbers of the catalog. */
export interface NumberedKey {
  readonly oid: string;
  readonly name: string;
  readonly child: string;
  readonly parent: string;
  readonly kind: KeyKind;
  readonly definition: string;
}

/** What keys of many tables have in common. */
export interface KeyKind extends Pick<
  ForeignKey,
  'onDelete' | 'onUpdate' | 'validated' | 'enforced' | 'deferrable' | 'initiallyDeferred' | 'inherited'
> {
  readonly childColumns: readonly number[];
  readonly parentColumns: readonly number[];
  readonly operators: readonly number[];
  /** Empty where the action changes all columns. */
  readonly setColumns: readonly number[];
  readonly matchFull: boolean;
  readonly temporal: boolean;
}

/** Every key, and every kind of key that there is; one that has no definition any more was dropped while it was read. */
export function numberedKeys(parts: Parts): {
  readonly keys: readonly NumberedKey[];
  readonly kinds: readonly KeyKind[];
} {
  const kinds: KeyKind[] = [];
  const kindOf = once((text: string) => {
    const kind = parseKind(text);
    kinds.push(kind);
    return kind;
  });
  const keyList: NumberedKey[] = [];
  for (const [oid, { one, two, three, four }] of parts('key')) {
    const [child = '', parent = ''] = (four ?? '').split(' ');
    if (!one || !two || !three) continue;
    keyList.push({ oid, name: one, child, parent, kind: kindOf(two), definition: three });
  }
  return { keys: keyList, kinds };
}

/** `confdeltype` and `confupdtype` in the words of the DDL. */
const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
  r: 'RESTRICT',
};

function parseKind(text: string): KeyKind {
  const [child, parent, operators, onDelete = '', onUpdate = '', match, ...rest] = text.split(' ');
  const [validated, deferrable, initiallyDeferred, inherited, enforced, temporal] = rest.map(
    (letter) => letter === 't',
  );
  const childColumns = numbers(child);
  const setColumns = numbers(rest[6]);
  return {
    childColumns,
    parentColumns: numbers(parent),
    operators: numbers(operators),
    onDelete: ACTIONS[onDelete] ?? 'NO ACTION',
    onUpdate: ACTIONS[onUpdate] ?? 'NO ACTION',
    // A list of all columns is no other action than no list.
    setColumns: setColumns.length < childColumns.length ? setColumns.toSorted((a, b) => a - b) : [],
    matchFull: match === 'f',
    validated: validated === true,
    deferrable: deferrable === true,
    initiallyDeferred: initiallyDeferred === true,
    inherited: inherited === true,
    enforced: enforced === true,
    temporal: temporal === true,
  };
}
