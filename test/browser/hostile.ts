import { escapeIdentifier } from 'pg';
import { DataTypes, Sequelize } from 'sequelize';
import { installFkGuard } from '../../src';
import { pageAssets } from '../../src/cli/page-assets';
import { htmlReport } from '../../src/report/html/page';
import type { TestDatabase } from '../postgres/database';

/** What could break out of a page or mislead who reads it, and how a person has to see it. */
export const NAMES: readonly (readonly [name: string, seen: string])[] = [
  [`"><img src=x onerror=hit=1>`, `"><img src=x onerror=hit=1>`],
  ['</script><script>hit=2</script>', '</script><script>hit=2</script>'],
  ['</title></style><svg onload=hit=3>', '</title></style><svg onload=hit=3>'],
  [`' onfocus='hit=4' autofocus x='`, `' onfocus='hit=4' autofocus x='`],
  ['`b` &lt;{{hit=5}}${hit=5}', '`b` &lt;{{hit=5}}${hit=5}'],
  ['line\nbreak\r\ttab', 'line\\nbreak\\r\\ttab'],
  ['\u202egnorw\u202c\u200fleft', '\\u202egnorw\\u202c\\u200fleft'],
  ['שלום עולם', 'שלום עולם'],
  ['🦴 👩‍👩‍👧 Ünï', '🦴 👩‍👩‍👧 Ünï'],
  ['W'.repeat(61), 'W'.repeat(61)],
];

/**
 * Schemas, tables, columns, constraints, models and attributes of those names; every other key is wrong, and the rest
 * are not there, above orphans. Gives the report with plan and status as a page.
 */
export async function hostilePage(database: TestDatabase): Promise<string> {
  const sequelize = new Sequelize(database.url, { dialect: 'postgres', logging: false });
  const guard = installFkGuard(sequelize, { sampleKeys: 3 });
  await database.query(NAMES.map(([name], i) => statements(name, i % 2 === 0)).join('\n'));
  for (const [name] of NAMES) define(sequelize, name);
  const looked = { report: await guard.check(), plan: await guard.plan(), status: await guard.status() };
  await sequelize.close();
  return htmlReport(
    { ...looked, madeAt: new Date().toISOString(), tool: { name: 'sequelize-fk-guard', version: '0.1.0' } },
    pageAssets(),
  );
}

/** Sequelize takes quotes out of all names: with them only what it has no name for can exist, a column and its key. */
export const withoutQuotes = (name: string): string => name.replaceAll('"', '');

function statements(name: string, keyed: boolean): string {
  const [quoted, table] = [escapeIdentifier(name), escapeIdentifier(withoutQuotes(name))];
  const child = escapeIdentifier(`${withoutQuotes(name)}_c`);
  const key = `alter table ${table}.${child} add constraint ${quoted}
    foreign key (${quoted}) references ${table}.${table} on delete set null;`;
  return `create schema ${table};
    create table ${table}.${table} (id integer primary key);
    insert into ${table}.${table} values (1);
    create table ${table}.${child} (id integer primary key, ${quoted} integer);
    insert into ${table}.${child} values (1, ${keyed ? 1 : 77});
    ${keyed ? key : ''}`;
}

function define(sequelize: Sequelize, name: string): void {
  const own = { schema: name, timestamps: false };
  const id = { type: DataTypes.INTEGER, primaryKey: true };
  const parent = sequelize.define(name, { id }, { ...own, tableName: name });
  const child = sequelize.define(`${name}_c`, { id }, { ...own, tableName: `${name}_c` });
  child.belongsTo(parent, {
    as: `${name}_p`,
    foreignKey: { name, field: name },
    onDelete: 'CASCADE',
    onUpdate: 'CASCADE',
  });
}
