import { DataTypes, Sequelize, type Model, type ModelStatic, type Options } from 'sequelize';
import { recordDeclarations, type WrittenDeclarations } from '../../src/model/declarations';
import { readModels } from '../../src/model/read';
import type { SequelizeLike } from '../../src/model/sequelize-like';
import type { Expected, Relation } from '../../src/expected';

export type AnyModel = ModelStatic<Model>;

/** When the guard is installed: right after `new Sequelize`, or when all models are there. */
export type Install = 'early' | 'late';

/** An application that never connects. */
export interface Application {
  readonly sequelize: Sequelize;
  readonly like: SequelizeLike;
  readonly written: WrittenDeclarations | undefined;
  define(name: string, attributes?: object, options?: object): AnyModel;
  read(): Expected;
  /** The relation of this id; fails when there is none. */
  relation(id: string): Relation;
  /** What Sequelize's own generator writes for a column. */
  ddl(model: AnyModel, column: string): string;
}

export function application(install: Install, options: Options = {}): Application {
  const sequelize = new Sequelize({ dialect: 'postgres', logging: false, ...options });
  // Sequelize's own typings hide what the guard reads.
  const like = sequelize as unknown as SequelizeLike;
  const written = install === 'early' ? recordDeclarations(like).written : undefined;
  const read = () => readModels(like, written);
  return {
    sequelize,
    like,
    written,
    define: (name, attributes = {}, modelOptions = {}) =>
      sequelize.define(name, attributes as never, { timestamps: false, ...modelOptions }),
    read,
    relation(id) {
      const relation = read().relations.find((candidate) => candidate.id === id);
      if (!relation) throw new Error(`no relation ${id}`);
      return relation;
    },
    ddl(model, column) {
      const generator = sequelize.getQueryInterface().queryGenerator as {
        attributesToSQL(attributes: object, options: object): Record<string, string>;
      };
      const { tableAttributes } = model as unknown as { tableAttributes: object };
      const table = model.getTableName();
      return generator.attributesToSQL(tableAttributes, { context: 'createTable', table })[column] ?? '';
    },
  };
}

/** An integer column, with what else is said about it. */
export const integer = (rest: object = {}): object => ({ type: DataTypes.INTEGER, ...rest });
