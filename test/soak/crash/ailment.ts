import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';
import type { FkGuardOptions } from 'sequelize-fk-guard';

/** One problem, or a few that belong together, in tables of their own; sick in a number of rows that chance decides. */
export interface Ailment {
  /** SQL that makes the tables; `sick` is a number from 3 to 6. */
  readonly tables: (sick: number) => string;
  readonly define: (sequelize: Sequelize) => void;
  readonly relations?: FkGuardOptions['relations'];
}

// Sequelize writes into what it is given, so each column gets an object of its own.
export const id = () => ({ type: DataTypes.INTEGER, primaryKey: true });
export const number = () => ({ type: DataTypes.INTEGER });
export const OWNED = { onDelete: 'CASCADE' } as const;

export const table = (sequelize: Sequelize, name: string, columns = {}): ModelStatic<Model> =>
  sequelize.define(name, { id: id(), ...columns }, { tableName: name });

/** Two tables, and a key from `childName.parentId` to `parentName`. */
export const pair =
  (parentName: string, childName: string, options: object = OWNED, column: () => object = number) =>
  (sequelize: Sequelize): void => {
    const parent = table(sequelize, parentName);
    table(sequelize, childName, { parentId: column() }).belongsTo(parent, {
      foreignKey: 'parentId',
      ...options,
    });
  };

/** `parents` with ids from 1 to 40, and children of each of them and of `sick` more that are not there. */
export const family = (parents: string, children: string, sick: number): string => `
  create table ${parents} (id int primary key, name text);
  create table ${children} (id int primary key, "parentId" int);
  insert into ${parents} select i from generate_series(1, 40) i;
  insert into ${children} select i, i from generate_series(1, ${40 + sick}) i;`;

/** Values of the wrong type, some of them with another text form in the right one, some with none. */
export const typed = (parents: string, children: string, rows: number, sick: number): string => `
  create table ${parents} (id int primary key);
  create table ${children} (id int primary key, "parentId" text not null default '1');
  create index ${children}_parent on ${children} ("parentId");
  insert into ${parents} select i from generate_series(1, 9) i;
  insert into ${children} select i, 1 + i % 9 from generate_series(1, ${rows}) i;
  update ${children} set "parentId" = '0' || "parentId" where id <= ${sick};
  update ${children} set "parentId" = 'none' where id > ${rows - sick};`;
