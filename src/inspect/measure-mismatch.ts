import { assertRemap } from '../catalog/check-remap';
import { countWrittenOtherwise, doubledBy } from '../catalog/conversion-risks';
import { convertedRows, countConversion, type Converted } from '../catalog/converted-rows';
import { catalogSearchPath } from '../catalog/session-guards';
import { readShadowFacts } from '../catalog/shadow-facts';
import { readTypeFacts } from '../catalog/type-facts';
import { castBetween, fits } from '../column-type';
import type { Session } from '../db';
import { keepTime, type Look } from '../execution/look';
import { applicationSearchPath } from '../execution/session-settings';
import { orphanCondition } from '../pairing/measurable';
import { isLarge } from '../policy/beside-obstacle';
import { isConvertible } from '../policy/conversion';
import { typeObstacle } from '../policy/type-obstacle';
import type { ConversionCount, MismatchedColumn, TypeMismatch } from '../mismatch';
import type { PairedRelation } from '../snapshot';
import type { Depth } from './measure-relation';
import type { Sql } from '../sql';

/** What was found out about types that do not fit. */
export interface MeasuredMismatch {
  readonly mismatch: TypeMismatch;
  /** The child's rows as they would be after the conversion, where it can be made. */
  readonly source?: Sql;
}

/**
 * Looks at a relation whose types differ; nothing when PostgreSQL takes them in one key all the same. Rows are only
 * looked at when the models side with the parent. Throws `OPTIONS` for a `remap` that cannot be used.
 */
export async function measureMismatch(
  session: Session,
  pair: PairedRelation,
  searchPath: readonly string[],
  look: Look,
  depth: Depth,
): Promise<MeasuredMismatch | undefined> {
  const { sampleKeys, limits } = look.settings;
  const columns = await mismatchedColumns(session, pair);
  if (columns.length === 0) return undefined;
  if (depth === 'surface' || typeObstacle(pair, columns) || !isReadable(pair))
    return { mismatch: { columns } };
  const { remap, id, childColumns } = pair.relation;
  const converted: Converted = {
    child: pair.childName,
    columns: childColumns,
    casts: columns.map(({ cast }) => cast),
    ...(remap && { remap }),
  };
  // The user's query means the application's own tables.
  if (remap) await session.query(applicationSearchPath(searchPath));
  if (remap && columns[0]) await assertRemap(session, id, remap, pair.parentName, columns[0]);
  await keepTime(session, look);
  const count = await countAll(session, pair, converted, sampleKeys);
  if (remap) await session.query(catalogSearchPath);
  return {
    mismatch: { columns: await withShadows(session, pair, columns, isLarge(count, limits)), count },
    ...(isConvertible(pair, count) && { source: convertedRows(converted) }),
  };
}

async function countAll(
  session: Session,
  pair: PairedRelation,
  converted: Converted,
  samples: number,
): Promise<ConversionCount> {
  const count = await countConversion(session, converted, pair.parentName, samples);
  // Values that keep their text cannot meet.
  const doubled = count.changed.some((rows) => rows > 0)
    ? await doubledBy(session, converted, pair.child?.uniqueIndexes ?? [])
    : undefined;
  const writtenOtherwise = await countWrittenOtherwise(session, converted, orphanCondition(pair));
  return { ...count, writtenOtherwise, ...(doubled !== undefined && { doubled }) };
}

/** Small tables need none, unless an earlier run has begun one. */
async function withShadows(
  session: Session,
  { childName }: PairedRelation,
  columns: readonly MismatchedColumn[],
  large: boolean,
): Promise<readonly MismatchedColumn[]> {
  const found: MismatchedColumn[] = [];
  for (const column of columns) {
    const shadow = await readShadowFacts(session, childName, column.cast);
    found.push(large || shadow.exists ? { ...column, shadow } : column);
  }
  return found;
}

const isReadable = ({ child, parent }: PairedRelation): boolean =>
  [child, parent].every((table) => table?.may.select && !table.rowSecurity);

async function mismatchedColumns(
  session: Session,
  pair: PairedRelation,
): Promise<readonly MismatchedColumn[]> {
  const { relation, childName, parentName } = pair;
  const found: MismatchedColumn[] = [];
  for (const [i, column] of relation.childColumns.entries()) {
    const parentColumn = relation.parentColumns[i] ?? '';
    const from = pair.child?.columns.find(({ name }) => name === column)?.type ?? '';
    const to = pair.parent?.columns.find(({ name }) => name === parentColumn)?.type ?? '';
    if (fits(from, to)) continue;
    const cast = { column, from, to };
    const ends = { child: childName, parent: parentName, parentColumn, cast };
    const { accepted, ...facts } = await readTypeFacts(session, ends, castBetween(from, to) !== undefined);
    const [childWord, parentWord] = [relation.childTypes?.[i], relation.parentTypes?.[i]];
    if (!accepted)
      found.push({
        cast,
        parentColumn,
        ...(childWord !== undefined && { childWord }),
        ...(parentWord !== undefined && { parentWord }),
        ...facts,
      });
  }
  return found;
}
