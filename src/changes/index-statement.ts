import { columns, identifier, qualified, sql, type Sql } from '../sql';
import type { Change } from './change';
import { alone, dropIndex } from './key-statement';
import type { Statement } from './statement';

type NewIndex = Extract<Change, { readonly op: 'create-index' | 'create-unique-index' }>;

/** An index that is built while writers go on; a failed build leaves an invalid one, which goes. */
export const createIndex = ({ table, index, columns: names }: NewIndex, create: Sql): Statement => ({
  ...alone(sql`${create} ${identifier(index)} on ${qualified(table)} (${columns(names)})`, table),
  creates: true,
  afterFailure: dropIndex(table, index),
});
