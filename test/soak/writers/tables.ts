import { times } from '../soak';

/** Clients that write, each on connections of its own. */
export const CLIENTS = 8;
/** Those among them that keep their transactions open for a while. */
export const SLOW_CLIENTS = 2;
export const CHILDREN = times(1_000_000, 50_000);
/** Ten children each. Every twentieth is missing. */
export const PARENTS = CHILDREN / 10;

/** The parents 1 to `PARENTS` belong to the clients in turns of twenty, so that each has some of the missing ones. */
export const ownerOf = (parent: number): number => Math.floor(parent / 20) % CLIENTS;
export const isMissing = (parent: number): boolean => parent % 20 === 0;
/** Ids of rows that a client makes: nobody else makes them. */
export const firstNewId = (client: number): number => 100_000_000 * (client + 1);
/** The children that were there from the beginning. */
export const childrenOf = (parent: number): readonly number[] =>
  Array.from({ length: CHILDREN / PARENTS }, (_, i) => i * PARENTS + parent - 1);

/** A child without a key to its parent, and a level below it. `judge` is what the clients know. */
export const SETUP = `
  create table parent (id integer primary key, note text);
  create table child (id integer, parent_id integer, note text);
  create table low (id integer, child_id integer, note text);
  insert into parent select i, 'first' from generate_series(1, ${PARENTS}) i where i % 20 > 0;
  insert into child select i, 1 + i % ${PARENTS}, 'first' from generate_series(0, ${CHILDREN - 1}) i;
  insert into low select i, i, 'first' from generate_series(1, ${CHILDREN - 1}, 2) i;
  alter table child add primary key (id);
  alter table low add primary key (id);
  create index on child (parent_id);
  create index on low (child_id);
  alter table low add constraint low_key foreign key (child_id) references child on delete cascade;
  create schema judge;
  create table judge.child (id integer primary key, parent_id integer, note text, fate text);
  create table judge.low (id integer primary key, child_id integer, note text);
  create table judge.parent (id integer primary key, here boolean, back_at timestamptz);
  analyze`;
