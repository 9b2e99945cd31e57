import type { ForeignKeyDeclaration } from 'sequelize-fk-guard';
import { ownDatabase } from '../false-orphans/setting';
import { cascade } from '../quarantine/setup';
import type { TestDatabase } from '../postgres/database';
import { scriptFor } from './cases';

/** 20 parents, and 23 children of which three are orphans, behind the key that an interrupted run left. */
export const attacked = () =>
  ownDatabase(
    'attacked',
    `create table parent (id integer primary key, code integer unique);
     create table child (id integer primary key, parent_id integer, other_id integer);
     create index on child (parent_id);
     insert into parent select i, i from generate_series(1, 20) i;
     insert into child select i, i from generate_series(1, 23) i;
     alter table child add constraint fence foreign key (parent_id) references parent on delete cascade not valid`,
  );

/** The script for it, as of now. */
export const made = (database: TestDatabase, ...more: readonly ForeignKeyDeclaration[]): Promise<string> =>
  scriptFor(
    {
      title: '',
      schema: '',
      foreignKeys: [cascade('public.child(parent_id)', 'public.parent(id)'), ...more],
    },
    database,
  );
