import type { Impact, ImpactBlock, ImpactStep } from '../runtime/impact/impact';
import { visibleIn } from '../visible';
import { count, databaseLabel, document, paragraph, placeLabel } from './layout';
import { plain, type Paint } from './paint';

/** What one delete would take along, for a person. */
export function impactText(data: Impact, paint: Paint = plain): string {
  const impact = visibleIn(data);
  const database = paint.faint(databaseLabel(impact.database));
  if (!impact.found)
    return document([
      `${paint.warning(paragraph('', `There is no ${rowLabel(impact)}.`, paint))}\n${database}`,
    ]);
  return document([
    `${headline(impact, paint)}\n${database}`,
    paranoid(impact, paint),
    impact.steps.map((step) => paragraph('  ', stepText(step), paint)).join('\n'),
    totals(impact, paint),
    told('The database would refuse it:', impact.blocks.map(blockText), paint.error, paint),
    told(
      'What this leaves open:',
      impact.doubts.map(({ message }) => message),
      paint.warning,
      paint,
    ),
    told('Beside that:', impact.warnings, paint.warning, paint),
  ]);
}

const rowLabel = ({ table, model, key }: Impact): string => {
  const named = Object.entries(key).map(([column, value]) => `${column} = ${value}`);
  return `row of ${model === undefined ? table : `${model} (${table})`} with ${named.join(', ')}`;
};

function headline(impact: Impact, paint: Paint): string {
  const { verdict, rowsDeleted, rowsChanged } = impact;
  const row = rowLabel(impact);
  const line = (text: string): string => paragraph('', `The delete of the ${row}${text}`, paint);
  if (verdict === 'blocked') return paint.error(line(' would be refused.'));
  const counts = `${count(rowsDeleted, 'row')} deleted, ${count(rowsChanged, 'row')} changed`;
  if (verdict === 'unknown') return paint.warning(line(`: ${counts}, as far as it can be told.`));
  return paint.strong(line(`: ${counts}.`));
}

const paranoid = ({ paranoid: isParanoid, model = 'The model' }: Impact, paint: Paint): string =>
  isParanoid
    ? paragraph(
        '',
        `${model} is paranoid: destroy() only sets a column and takes nothing along. What follows is for destroy({ force: true }) and for a DELETE.`,
        paint,
      )
    : '';

function stepText({ level, action, table, model, constraint, relation, columns, rows }: ImpactStep): string {
  const place = model === undefined ? table : `${model} (${table})`;
  if (constraint === undefined) return `level ${level}: ${count(rows, 'row')} of ${place}`;
  const what =
    action === 'delete'
      ? 'deleted'
      : `${action === 'set null' ? 'set to NULL' : 'set to DEFAULT'} in ${columns.join(', ')}`;
  const key = relation === undefined ? constraint : `${relation} (${constraint})`;
  return `level ${level}: ${count(rows, 'row')} of ${place} ${what}, by ${key}`;
}

const totals = ({ tables, verdict }: Impact, paint: Paint): string =>
  tables.length < 2
    ? ''
    : [
        verdict === 'blocked' ? 'Table by table, if it were not refused:' : 'Table by table:',
        ...tables.map(({ table, rowsDeleted, rowsChanged }) =>
          paragraph(
            '  ',
            `${table}: ${count(rowsDeleted, 'row')} deleted, ${count(rowsChanged, 'row')} changed`,
            paint,
          ),
        ),
      ].join('\n');

function blockText({ constraint, relation, child, rows, because, atCommit }: ImpactBlock): string {
  const key = relation === undefined ? constraint : `${relation} (${constraint})`;
  const why = because.startsWith('SET') ? `${because}, and the column may not be null` : because;
  return `${count(rows, 'row')} of ${placeLabel(child)} by ${key}: ${why}${atCommit ? ', checked at COMMIT' : ''}.`;
}

const told = (
  title: string,
  lines: readonly string[],
  colour: (text: string) => string,
  paint: Paint,
): string =>
  lines.length === 0 ? '' : [colour(title), ...lines.map((line) => paragraph('  ', line, paint))].join('\n');
