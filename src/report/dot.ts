import type { Finding } from '../finding';
import { visible } from '../visible';
import { graphOf, type GraphLink, type GraphTable } from './graph';

/** What is wrong as a graph for Graphviz (`dot -Tsvg`): dashes, widths and words say it, colour only helps. */
export function dotText(findings: readonly Finding[]): string {
  const { tables, links } = graphOf(findings);
  const body =
    findings.length === 0
      ? ['  healthy [label="nothing is wrong"];']
      : [...tables.map(node), ...links.map(edge)];
  return `${['digraph foreign_keys {', '  rankdir=LR;', '  node [shape=box];', ...body, '}'].join('\n')}\n`;
}

const COLOUR = { error: '#d1242f', warning: '#9a6700', info: '#0969da' } as const;

const node = ({ id, name, notes, severity }: GraphTable): string =>
  `  ${id} [label=${quoted([name, ...notes])}${severity ? `, color="${COLOUR[severity]}"` : ''}];`;

const LOOK = { missing: 'style=dashed', orphans: 'penwidth=3', wrong: 'style=solid' } as const;

const edge = ({ from, to, lines, severity, look }: GraphLink): string =>
  `  ${from} -> ${to} [label=${quoted(lines)}, ${LOOK[look]}, color="${COLOUR[severity]}"];`;

/** Graphviz reads `\N` and the like in labels as other texts, and entities as characters. */
const quoted = (lines: readonly string[]): string =>
  `"${lines.map((line) => visible(line).replace(/["\\]/g, '\\$&').replaceAll('&', '&amp;')).join('\\n')}"`;
