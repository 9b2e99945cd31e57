import type { Catalog, Column, Table } from '../../catalog/catalog';
import { FkGuardError } from '../../errors';
import type { Expected, ModelTable } from '../../expected';
import { nearest, sameTable, tableId } from '../../names';
import { own } from '../../own';
import { resolverOf } from '../../pairing/resolve';
import { keyTexts } from './key-texts';

/** The one row that is meant, before anybody has looked whether it is there. */
export interface Target {
  readonly table: Table;
  readonly model: ModelTable | undefined;
  readonly columns: readonly Column[];
  /** Text forms, one for each column. */
  readonly values: readonly string[];
}

/** Finds what is meant by a model's or a table's name and a key. Throws `NO_SUCH_TABLE` or `WRONG_KEY`. */
export function targetOf(name: string, key: unknown, expected: Expected, catalog: Catalog): Target {
  const { table, model } = tableNamed(name, expected, catalog);
  const given = keyTexts(key);
  const primary = primaryKeyOf(table, model);
  const entries: readonly (readonly [string, string])[] =
    typeof given === 'string' ? [[onlyColumn(name, primary), given]] : Object.entries(given);
  const columns = entries.map(([word]) => columnOf(word, table, model));
  const names = columns.map((column) => column.name);
  if (!namesOneRow(names, table, primary))
    throw wrongKey(
      `${names.join(', ')} of ${tableId(table.name)} may be the same in several rows.`,
      primary.length > 0
        ? `Name the primary key: ${primary.join(', ')}.`
        : 'Name the columns of a unique index.',
    );
  return { table, model, columns, values: entries.map(([, value]) => value) };
}

function tableNamed(
  name: string,
  expected: Expected,
  catalog: Catalog,
): { readonly table: Table; readonly model: ModelTable | undefined } {
  const resolve = resolverOf(catalog);
  const modelled = expected.tables.find(({ model }) => model === name);
  const wanted = modelled ? resolve(modelled.table) : undefined;
  const along = resolve({ name });
  const table =
    catalog.tables.find((candidate) => wanted && sameTable(candidate.name, wanted)) ??
    (wanted ? undefined : catalog.tables.find((candidate) => tableId(candidate.name) === name)) ??
    (wanted ? undefined : catalog.tables.find((candidate) => sameTable(candidate.name, along)));
  if (!table) throw noSuchTable(name, expected, catalog, wanted && tableId(wanted));
  if (table.kind !== 'table' && table.kind !== 'partitioned table')
    throw new FkGuardError(
      'NO_SUCH_TABLE',
      `${tableId(table.name)} is a ${table.kind}: no foreign key points at it.`,
      'Name a table.',
    );
  const model = modelled ?? expected.tables.find((other) => sameTable(resolve(other.table), table.name));
  return { table, model };
}

function noSuchTable(name: string, expected: Expected, catalog: Catalog, missing?: string): FkGuardError {
  if (missing !== undefined)
    return new FkGuardError('NO_SUCH_TABLE', `The table of ${name}, ${missing}, does not exist.`, '');
  const known = [
    ...expected.tables.map(({ model }) => model),
    ...catalog.tables.flatMap((table) => [table.name.name, tableId(table.name)]),
  ];
  const close = nearest(name, known);
  return new FkGuardError(
    'NO_SUCH_TABLE',
    `There is no model and no table ${name}.`,
    close === undefined ? 'Name a model, or a table as schema.table.' : `Did you mean ${close}?`,
  );
}

/** The database's word first: the models may be behind. */
const primaryKeyOf = (table: Table, model: ModelTable | undefined): readonly string[] =>
  table.uniqueIndexes.find(({ primary }) => primary)?.columns ?? model?.primaryKey ?? [];

function onlyColumn(name: string, primary: readonly string[]): string {
  const [column, another] = primary;
  if (column !== undefined && another === undefined) return column;
  throw wrongKey(
    `${name} has ${primary.length === 0 ? 'no primary key' : 'a primary key of several columns'}.`,
    `Name the columns: {${(primary.length === 0 ? ['column'] : primary).map((part) => `"${part}": …`).join(', ')}}.`,
  );
}

function columnOf(word: string, table: Table, model: ModelTable | undefined): Column {
  const name = own(model?.renamed ?? {}, word) ?? word;
  const column =
    table.columns.find((candidate) => candidate.name === name) ??
    table.columns.find((candidate) => candidate.name === word);
  if (column) return column;
  const close = nearest(word, [...Object.keys(model?.renamed ?? {}), ...table.columns.map((c) => c.name)]);
  throw wrongKey(
    `${tableId(table.name)} has no column ${word}.`,
    close === undefined ? 'Name the columns of its primary key.' : `Did you mean ${close}?`,
  );
}

const namesOneRow = (names: readonly string[], table: Table, primary: readonly string[]): boolean =>
  (primary.length > 0 && primary.every((column) => names.includes(column))) ||
  table.uniqueIndexes.some(
    ({ columns, valid, partial }) => valid && !partial && columns.every((column) => names.includes(column)),
  );

const wrongKey = (message: string, advice: string): FkGuardError =>
  new FkGuardError('WRONG_KEY', message, advice);
