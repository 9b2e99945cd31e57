import { medianOf, verdictOf, type Asked, type Figure, type Row, type Unit, type Verdict } from './figures';
import type { Result } from './result';

/** What a row says in each column of the table. */
export interface Line {
  readonly scenario: string;
  readonly contenders: string;
  readonly ratio: string;
  /** The ratio, or where there is none what is asked to be small. */
  readonly figure: string;
  readonly asked: string;
  readonly reached: string;
}

/** Three digits that count. */
function digits(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(value >= 10 ? 1 : 2);
}

const amount = (value: number, unit: Unit): string =>
  unit === 'queries' ? String(value) : `${digits(value)} ${unit}`;

function contender({ name, values, stopped }: Figure, unit: Unit): string {
  const middle = amount(medianOf(values), unit);
  if (stopped) return `${name}: > ${middle}, stopped`;
  if (values.length < 2) return `${name}: ${middle}`;
  return `${name}: ${middle} (${digits(Math.min(...values))} … ${digits(Math.max(...values))})`;
}

function askedText({ kind, value }: Asked, unit: Unit): string {
  if (kind === 'limit') return `≤ ${unit === 'queries' ? value : `${value} ${unit}`}`;
  return kind === 'faster' ? `≥ ${value} × faster` : `≤ ${value} ×`;
}

const ratioText = ({ value, lowerBound }: Verdict): string => `${lowerBound ? '> ' : ''}${digits(value)} ×`;

export function lineOf(row: Row): Line {
  const verdict = verdictOf(row);
  const { asked, unit, note } = row;
  const ratio = !verdict || asked?.kind === 'limit' ? '–' : ratioText(verdict);
  return {
    scenario: note === undefined ? row.title : `${row.title} (${note})`,
    contenders: row.figures.map((figure) => contender(figure, unit)).join('; '),
    ratio,
    figure: verdict && asked?.kind === 'limit' ? amount(verdict.value, unit) : ratio,
    asked: asked ? askedText(asked, unit) : '–',
    reached: !asked ? '–' : !verdict ? 'not yet' : verdict.reached ? 'yes' : '**no**',
  };
}

/** Where and with what a run was made, as sentences. */
export function circumstances({ size, rounds, begun, minutes, machine }: Result): string {
  const settings = Object.entries(machine.settings).map(([name, value]) => `\`${name} = ${value}\``);
  return (
    `\`npm run bench -- --size ${size}\` on ${begun.slice(0, 10)}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, ${digits(minutes)} minutes in all: ${machine.cores} cores ` +
    `(${machine.cpu}), ${machine.memoryGB} GB, ${machine.system}, load ${machine.load.toFixed(1)} at the beginning; ` +
    `PostgreSQL ${machine.postgresql} on a disk, Sequelize ${machine.sequelize}, Node ${machine.node}. ` +
    `Settings: ${settings.join(', ')}.`
  );
}
