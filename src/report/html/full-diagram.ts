import type { Finding } from '../../finding';
import type { Report, ReportRelation } from '../../outcome';
import { graphOf, tableName, type GraphLink } from '../graph';
import { anchorOf } from './anchor';
import type { Arrow, Diagram } from './diagram';

/** Every relation that was looked at; arrows bear no words here, they are for the finding behind them. */
export function fullDiagram({ relations, findings }: Report): Diagram {
  const wrong = graphOf(findings);
  const names = [
    ...new Set([
      ...relations.flatMap(({ child, parent }) => [tableName(child), tableName(parent)]),
      ...wrong.tables.map(({ name }) => name),
    ]),
  ];
  const id = new Map(names.map((name, i) => [name, `a${i + 1}`]));
  const nameOf = new Map(wrong.tables.map((table) => [table.id, table.name]));
  const idIn = (table: string): string => id.get(nameOf.get(table) ?? '') ?? 'a0';
  const told = new Set(findings.flatMap(({ relation }) => relation ?? []));
  return {
    boxes: names.map((name) => ({
      id: id.get(name) ?? 'a0',
      lines: [name],
      severity: wrong.tables.find((table) => table.name === name)?.severity,
    })),
    arrows: [
      ...relations
        .filter(({ id: relation }) => !told.has(relation))
        .map((relation) => quiet(relation, (name) => id.get(name) ?? 'a0')),
      ...wrong.links.map((link) => loud(link, findings, idIn)),
    ],
  };
}

const quiet = ({ id, child, parent }: ReportRelation, idOf: (name: string) => string): Arrow => ({
  from: idOf(tableName(child)),
  to: idOf(tableName(parent)),
  lines: [],
  title: `${id}: nothing is wrong`,
  look: 'healthy',
  unguarded: false,
  severity: undefined,
  target: undefined,
});

const loud = (
  { from, to, lines, look, unguarded, severity, first }: GraphLink,
  findings: readonly Finding[],
  idIn: (table: string) => string,
): Arrow => ({
  from: idIn(from),
  to: idIn(to),
  lines: [],
  title: lines.join(', '),
  look,
  unguarded,
  severity,
  target: anchorOf(findings.indexOf(first)),
});
