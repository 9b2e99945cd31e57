import type { Finding } from '../finding';
import { visible } from '../visible';
import { graphOf, type Graph, type GraphLink } from './graph';

/** What is wrong as a mermaid flowchart, which GitHub draws in comments: lines and words say it, colour only helps. */
export function mermaidText(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'flowchart LR\n  healthy["nothing is wrong"]\n';
  const graph = graphOf(findings);
  return `${['flowchart LR', ...nodes(graph), ...graph.links.map(link), ...colours(graph)].join('\n')}\n`;
}

const nodes = ({ tables }: Graph): readonly string[] =>
  tables.map(
    ({ id, name, notes, severity }) =>
      `  ${id}[${label([name, ...notes])}]${severity ? `:::${severity}` : ''}`,
  );

const ARROW = { missing: '-.->', orphans: '==>', wrong: '-->' } as const;

const link = ({ from, to, lines, look }: GraphLink): string =>
  `  ${from} ${ARROW[look]}|${label(lines)}| ${to}`;

const COLOUR = { error: '#d1242f', warning: '#9a6700', info: '#0969da' } as const;

const colours = ({ tables, links }: Graph): readonly string[] => [
  ...(['error', 'warning', 'info'] as const)
    .filter((severity) => tables.some((table) => table.severity === severity))
    .map((severity) => `  classDef ${severity} stroke:${COLOUR[severity]},stroke-width:2px`),
  ...links.map(({ severity }, i) => `  linkStyle ${i} stroke:${COLOUR[severity]}`),
];

/** Text in quotes, where only what cannot mean anything stands as itself; the rest are mermaid's own character codes. */
const label = (lines: readonly string[]): string => `"${lines.map(escaped).join('<br/>')}"`;

const escaped = (text: string): string =>
  visible(text).replace(/[^\p{L}\p{N} _.,:()-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
