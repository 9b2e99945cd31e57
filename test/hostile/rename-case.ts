import { escapeIdentifier as quoted } from 'pg';
import type { FkGuardOptions, ForeignKeyDeclaration, RelationOptions } from 'sequelize-fk-guard';
import { parseKeyPlace, type KeyPlace } from '../../src/model/key-place';
import { tableId } from '../../src/names';
import type { ProblemCase } from '../problem-tester/case';
import { renameDatabase } from './rename-database';
import { renameModels } from './rename-models';
import type { Renaming } from './renaming';

/** The same case under hostile names, the guard's own schema included. */
export function renameCase(problem: ProblemCase, renaming: Renaming): ProblemCase {
  const { foreignKeys, models, beforeRestore } = problem;
  return {
    ...problem,
    schema: `${problem.schema}; create table "victim" (id int primary key); insert into "victim" values (1), (2)`,
    prepare: (database) => renameDatabase(database, renaming),
    ...(foreignKeys && { foreignKeys: foreignKeys.map((key) => renameKey(key, renaming)) }),
    ...(models && {
      models(sequelize) {
        models(sequelize);
        renameModels(sequelize, renaming);
      },
    }),
    // Only when the database has told which names there are.
    get beforeRestore() {
      return renaming.renameSql(beforeRestore ?? '');
    },
    get options() {
      return renameOptions(problem.options ?? {}, foreignKeys ?? [], renaming);
    },
  };
}

function renameKey(key: ForeignKeyDeclaration, { rename }: Renaming): ForeignKeyDeclaration {
  return {
    ...key,
    child: renamePlace(key.child, rename),
    parent: renamePlace(key.parent, rename),
    ...(key.onDeleteColumns && { onDeleteColumns: key.onDeleteColumns.map(rename) }),
  };
}

function renamePlace(place: string, rename: Renaming['rename']): string {
  const { table, columns } = read(place);
  const names = [...(table.schema === undefined ? [] : [table.schema]), table.name];
  return `${names.map((name) => quoted(rename(name))).join('.')}(${columns.map((name) => quoted(rename(name))).join()})`;
}

function read(place: string): KeyPlace {
  const parsed = parseKeyPlace(place);
  if (!parsed) throw new Error(`not a key: ${place}`);
  return parsed;
}

function renameOptions(
  options: FkGuardOptions,
  keys: readonly ForeignKeyDeclaration[],
  renaming: Renaming,
): FkGuardOptions {
  const { rename } = renaming;
  // The ids of keys that are written by hand hold names; those of models do not.
  const ids = new Map(keys.map(({ child }) => [idOf(child), idOf(renamePlace(child, rename))] as const));
  const { relations, triggers } = options;
  return {
    ...options,
    quarantine: { schema: rename('fk_guard') },
    ...(relations && {
      relations: Object.fromEntries(
        Object.entries(relations).map(([id, own]) => [ids.get(id) ?? id, renameRelation(own, renaming)]),
      ),
    }),
    ...(triggers && {
      triggers: triggers.map((trigger) => {
        const [schema = '', name = '', own = ''] = trigger.split('.').map(rename);
        return `${tableId({ schema, name })}.${own}`;
      }),
    }),
  };
}

function idOf(child: string): string {
  const { table, columns } = read(child);
  return `${tableId(table)}.${columns.join(',')}`;
}

function renameRelation(own: RelationOptions, { rename, renameSql, back }: Renaming): RelationOptions {
  const { remap, reparent, createParent } = own;
  const keys = <T>(values: Readonly<Record<string, T>>, by: (name: string) => string): Record<string, T> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [by(name), value]));
  return {
    ...own,
    ...(remap && { remap: { using: renameSql(remap.using) } }),
    ...(isByColumn(reparent) && { reparent: keys(reparent, rename) }),
    ...(createParent && {
      createParent: async (key) => keys(await createParent(keys(key, back)), rename),
    }),
  };
}

type ByColumn = Extract<NonNullable<RelationOptions['reparent']>, Readonly<Record<string, unknown>>>;
const isByColumn = (key: RelationOptions['reparent']): key is Exclude<ByColumn, readonly unknown[]> =>
  typeof key === 'object' && !Array.isArray(key);
