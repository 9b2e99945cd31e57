import type { Finding } from '../../finding';
import type { Report, ReportRelation } from '../../outcome';
import { graphOf, tableName, type GraphLink } from '../graph';
import { anchorOf } from './anchor';
import type { Arrow, Diagram } from './diagram';

/** Every relation that was looked at; arrows bear no words here, they are for the finding behind them. */
export function fullDiagram({ relations, findings: told }: Report): Diagram {
  const findings = atTheirRelations(told, relations);
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
  const loudly = new Set(findings.flatMap(({ relation }) => relation ?? []));
  return {
    boxes: names.map((name) => ({
      id: id.get(name) ?? 'a0',
      lines: [name],
      severity: wrong.tables.find((table) => table.name === name)?.severity,
    })),
    arrows: [
      ...relations
        .filter(({ id: relation }) => !loudly.has(relation))
        .map((relation) => quiet(relation, (name) => id.get(name) ?? 'a0')),
      ...wrong.links.map((link) => loud(link, findings, idIn)),
    ],
  };
}

/** Where a finding names no parent it is the relation's: an arrow must not vanish with it. */
function atTheirRelations(
  findings: readonly Finding[],
  relations: readonly ReportRelation[],
): readonly Finding[] {
  const byId = new Map(relations.map((relation) => [relation.id, relation]));
  return findings.map((finding) => {
    const own = finding.parent ? undefined : byId.get(finding.relation ?? '');
    return own ? { ...finding, child: own.child, parent: own.parent } : finding;
  });
}

const quiet = ({ id, child, parent, healthy }: ReportRelation, idOf: (name: string) => string): Arrow => ({
  from: idOf(tableName(child)),
  to: idOf(tableName(parent)),
  lines: [],
  title: `${id}: ${healthy ? 'nothing is wrong' : 'not healthy, and nothing is told of it'}`,
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
