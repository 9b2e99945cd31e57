import { escapeIdentifier as quoted } from 'pg';
import { around, at, toSomeKey, type KindOfDamage } from './damage';

/** Damages to tables, columns, and the indexes that keys rest on. */
export const tableDamages: readonly KindOfDamage[] = [
  (context) => {
    const { name, model } = context.random.pick(context.site.tables);
    return {
      name: 'a table is dropped',
      sql: `drop table ${name} cascade`,
      tables: around(name, context),
      own: at('missing-table', model),
    };
  },
  (context) => {
    const { name, model, primaryKey } = context.random.pick(
      context.site.tables.filter((table) => table.primaryKey !== null),
    );
    return {
      name: 'a primary key is dropped, and takes the keys along that rest on it',
      sql: `alter table ${name} drop constraint ${quoted(primaryKey ?? '')} cascade`,
      tables: around(name, context),
      own: at('missing-primary-key', model),
      consequences: context.site.keys
        .filter(({ parent, index }) => parent === name && index.primary)
        .map(({ relation }) => at('missing-foreign-key', relation)),
    };
  },
  toSomeKey(
    (key, context) => ({
      name: 'a unique key is dropped, and takes the key along that rests on it',
      sql: key.index.drop,
      tables: around(key.parent, context),
      own: at('unreferenceable-target', key.relation),
      consequences: [at('missing-foreign-key', key.relation)],
    }),
    ({ index }, { site }) =>
      !index.primary && site.keys.filter((key) => key.index.id === index.id).length === 1,
  ),
  toSomeKey(
    (key, context) => ({
      name: 'the column of a key is dropped',
      sql: `alter table ${key.child} drop column ${quoted(key.column)} cascade`,
      tables: around(key.child, context),
      own: at('missing-column', key.relation),
    }),
    ({ child, column }, { site }) =>
      !site.keys.some(({ parent, parentColumn }) => parent === child && parentColumn === column),
  ),
  toSomeKey(
    (key, context) => ({
      name: "the column of a key's parent is dropped",
      sql: `alter table ${key.parent} drop column ${quoted(key.parentColumn)} cascade`,
      tables: around(key.parent, context),
      own: at('missing-column', key.relation),
    }),
    (key, { site }) =>
      site.keys.filter(
        ({ child, column, parent, parentColumn }) =>
          (parent === key.parent && parentColumn === key.parentColumn) ||
          (child === key.parent && column === key.parentColumn),
      ).length === 1,
  ),
  toSomeKey((key) => ({
    name: 'the build of an index is broken off',
    sql: `create index broken on ${key.child} (${quoted(key.column)});
      update pg_index set indisvalid = false where indexrelid = (
        select oid from pg_class where relname = 'broken')`,
    tables: [key.child],
    own: at('invalid-index', 'broken'),
  })),
  (context) => {
    const { keys, tables } = context.site;
    const free = tables.flatMap(({ name, columns }) =>
      columns
        .filter((column) => !keys.some((key) => key.child === name && key.column === column.name))
        .filter(({ key }) => key)
        .map((column) => ({ table: name, ...column })),
    );
    const [child, parent] = [context.random.pick(free), context.random.pick(free)];
    if (child.type !== parent.type || child.table === parent.table) return undefined;
    return {
      name: 'a key appears that no model declares',
      sql: `alter table ${child.table} add constraint stray foreign key (${quoted(child.name)}) references ${parent.table} (${quoted(parent.name)})`,
      tables: around(child.table, context),
      own: at('unclaimed-foreign-key', 'stray'),
    };
  },
];
