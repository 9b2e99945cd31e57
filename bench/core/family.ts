/** Parents and children without a key between them, and what is wrong with them. */
export interface Family {
  readonly children: number;
  readonly parents: number;
  readonly key: 'integer' | 'uuid';
  /** One child in so many has no parent; with 0 each has one. */
  readonly orphanIn: number;
  readonly indexed?: boolean;
  /** With a note for every child, which goes with it. */
  readonly notes?: boolean;
}

const CHILD = 'public.child(parent_id)';
const PARENT = 'public.parent(id)';
export const FOREIGN_KEYS = [{ child: CHILD, parent: PARENT, onDelete: 'CASCADE' }] as const;

/** Made on the server. Neighbours have distant parents, as rows have that come in over years. */
export function familyOf(family: Family): readonly string[] {
  const { children, parents, key, orphanIn, indexed = false, notes = false } = family;
  const parent = `1 + i::bigint * 7919 % ${parents}`;
  const keyOf = (number: string): string =>
    key === 'uuid' ? `md5((${number})::text)::uuid` : `(${number})::integer`;
  return [
    `create table parent (id ${key} primary key, name text not null)`,
    `create table child (id integer primary key, parent_id ${key} not null, note text not null)`,
    `insert into parent select ${keyOf('i')}, 'parent ' || i from generate_series(1, ${parents}) i`,
    `insert into child
       select i, ${keyOf(orphanIn > 0 ? `case when i % ${orphanIn} = 0 then ${parents} + i else ${parent} end` : parent)},
              'child ' || i
         from generate_series(1, ${children}) i`,
    ...(indexed ? ['create index on child (parent_id)'] : []),
    ...(notes
      ? [
          'create table note (id integer primary key, child_id integer not null, text text not null)',
          `insert into note select i, i, 'note ' || i from generate_series(1, ${children}) i`,
          'create index on note (child_id)',
          'alter table note add foreign key (child_id) references child on delete cascade',
        ]
      : []),
  ];
}
