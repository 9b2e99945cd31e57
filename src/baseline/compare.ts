import { createHash } from 'node:crypto';
import { counted } from '../counted';
import type { Finding } from '../finding';
import type { Baseline, Compared, Entry } from './baseline';

/** Sorts findings by what a baseline accepts. A finding that is worse than it was, or another one at the same place, is not accepted. */
export function compare(findings: readonly Finding[], { entries }: Baseline): Compared {
  const known = new Map(entries.map((entry) => [entry.id, entry]));
  const judged = findings.map((finding) => {
    const entry = known.get(finding.id);
    return { finding, entry, why: entry && whyWorse(finding, entry) };
  });
  const found = new Set(findings.map(({ id }) => id));
  return {
    fresh: judged.flatMap(({ finding, entry, why }) => (entry && why === undefined ? [] : [finding])),
    accepted: judged.flatMap(({ finding, entry, why }) =>
      entry && why === undefined ? [{ finding, because: entry.because }] : [],
    ),
    worse: judged.flatMap(({ finding, why }) => (why === undefined ? [] : [{ finding, why }])),
    vanished: entries.filter(({ id }) => !found.has(id)),
  };
}

const RANK = { info: 0, warning: 1, error: 2 } as const;

/** Fewer rows, or a milder word, are no reason; what cannot be compared is one. */
function whyWorse(finding: Finding, entry: Entry): string | undefined {
  if (RANK[finding.severity] > RANK[entry.severity])
    return `accepted as ${entry.severity}, is ${finding.severity} now`;
  if (finding.rows === undefined && entry.rows === undefined)
    return stateOf(finding) === entry.state ? undefined : 'says something else than when it was accepted';
  if (finding.rows === undefined || entry.rows === undefined) return 'its rows cannot be compared';
  return finding.rows > entry.rows
    ? `accepted with ${counted(entry.rows, 'row')}, has ${finding.rows.toLocaleString('en-US')} now`
    : undefined;
}

/** The entry that accepts a finding as it is. */
export const entryOf = (finding: Finding, because: string): Entry => ({
  id: finding.id,
  kind: finding.kind,
  severity: finding.severity,
  ...(finding.rows !== undefined && { rows: finding.rows }),
  state: stateOf(finding),
  because,
});

/** Numbers in a message, such as the rows of a table, change from day to day and mean nothing here. */
function stateOf({ message, parent, constraint, refusal }: Finding): string {
  const said = [message.replace(/\d[\d,.]*/g, '#'), parent, constraint, refusal?.code];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
}
