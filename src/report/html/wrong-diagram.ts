import type { Finding } from '../../finding';
import { graphOf } from '../graph';
import { anchorOf } from './anchor';
import type { Diagram } from './diagram';

/** What is wrong, and nothing else. */
export function wrongDiagram(findings: readonly Finding[]): Diagram {
  const { tables, links } = graphOf(findings);
  return {
    boxes: tables.map(({ id, name, notes, severity }) => ({ id, lines: [name, ...notes], severity })),
    arrows: links.map(({ from, to, lines, severity, look, unguarded, first }) => ({
      from,
      to,
      lines,
      title: lines.join(', '),
      look,
      unguarded,
      severity,
      target: anchorOf(findings.indexOf(first)),
    })),
  };
}
