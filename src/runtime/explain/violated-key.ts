import type { ForeignKey } from '../../catalog/catalog';
import type { WireError } from '../../errors';
import { sameTable } from '../../names';
import type { TableName } from '../../schema';
import { endsOf, shapeOf } from './ends';
import type { Situation } from './situation';
import { readViolation, type KeyShape } from './violation';
import type { Facts } from './wording';

/** Explains an error of a row that a key forbids; `undefined` for every other error. */
export function explainViolation(wire: WireError, situation: Situation): Facts | undefined {
  if (wire.code === '23502') return explainSetNull(wire, situation);
  if (wire.code !== '23503' && wire.code !== '23001') return undefined;
  const { code, constraint, sql } = wire;
  const named = { code, ...(constraint !== undefined && { constraint }), atCommit: isCommit(sql) };
  const key = violatedLiveKey(wire, situation) ?? likelyKey(wire, situation);
  if (!key) return { ...named, problem: 'violated', ...unnamed(wire) };
  const ends = endsOf(key, situation);
  const violation = readViolation(wire, key);
  if (!violation) return { ...named, problem: 'violated', ...ends };
  const { end, values } = violation;
  return {
    ...named,
    problem:
      end === 'parent' ? 'children-block' : ofDefault(key, sql) ? 'default-without-parent' : 'missing-parent',
    ...ends,
    ...(values && { key: values }),
  };
}

/** The live key that an error names. */
export function violatedLiveKey(wire: WireError, { keys }: Situation): ForeignKey | undefined {
  const table = tableOf(wire);
  return table && keys.find(({ name, child }) => name === wire.constraint && sameTable(child, table));
}

/** Without a catalog: the only relation of the models that the error's columns fit. */
function likelyKey(wire: WireError, situation: Situation): KeyShape | undefined {
  const table = tableOf(wire);
  const fitting = situation.relations
    .map((relation) => shapeOf(relation, situation))
    .filter(({ child }) => table && sameTable(child, situation.whole(table)))
    .filter((shape) => readViolation(wire, shape)?.values);
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** The server's own statement for SET NULL: `UPDATE ONLY "s"."t" SET "c" = NULL …` (`ri_set` in its sources). */
const SETS_NULL = /UPDATE (ONLY )?"(.|\n)* SET "(.|\n)* = NULL/;

function explainSetNull(wire: WireError, situation: Situation): Facts | undefined {
  const child = tableOf(wire);
  const { column, where = '' } = wire;
  if (!child || column === undefined || !SETS_NULL.test(where)) return undefined;
  const key = situation.keys.find(
    (candidate) =>
      sameTable(candidate.child, child) &&
      candidate.childColumns.includes(column) &&
      [candidate.onDelete, candidate.onUpdate].includes('SET NULL'),
  );
  return {
    code: '23502',
    problem: 'set-null-on-not-null',
    atCommit: false,
    ...(key ? { constraint: key.name, ...endsOf(key, situation) } : unnamed(wire)),
  };
}

const ofDefault = (key: KeyShape | ForeignKey, sql: string | undefined): boolean =>
  'onDelete' in key && key.onDelete === 'SET DEFAULT' && /^\s*delete\b/i.test(sql ?? '');

const isCommit = (sql: string | undefined): boolean => /^\s*(commit|end)\b/i.test(sql ?? '');

const tableOf = ({ schema, table }: WireError): TableName | undefined =>
  schema !== undefined && table !== undefined ? { schema, name: table } : undefined;

const unnamed = ({ schema = '', table, column }: WireError): Pick<Facts, 'child'> =>
  table === undefined ? {} : { child: { schema, table, columns: column === undefined ? [] : [column] } };
