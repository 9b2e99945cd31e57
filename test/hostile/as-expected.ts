import { escapeIdentifier } from 'pg';
import { planLines, resultLines, spoken, type ProblemCase } from '../problem-tester/case';
import { difference, lostRows, type State } from '../problem-tester/state';
import { witness, type Witness } from '../problem-tester/witness';
import type { NameSet } from './name-sets';
import { renameCase } from './rename-case';
import { createRenaming, type Renaming } from './renaming';

/** Puts a case through the guard under hostile names: it has to say and do what it does under those of the case. */
export async function expectAsEver(problem: ProblemCase, set: NameSet): Promise<void> {
  const renaming = createRenaming(set, problem.models ? '"' : '');
  const { seen, said } = compare(problem, await witness(renameCase(problem, renaming)), renaming);
  expect(seen).toEqual(said);
}

/** What a witness of the renamed case has seen and what the case says, in the same words; in no order, which goes by name. */
interface Comparison {
  readonly seen: object;
  readonly said: object;
}

/** Holds what was seen under hostile names beside what the case literally says. */
function compare(problem: ProblemCase, seen: Witness, renaming: Renaming): Comparison {
  const { kind, findings, besides = [], plan = [], results, end = [], status } = problem;
  const planned = planLines(seen.plan);
  bindMadeNames(planned, plan, renaming);
  const back = (text: string): string => plain(renaming.back(text));
  const said = (text: string): string => plain(renaming.alike(text));
  const lines = (texts: readonly string[]): readonly string[] => texts.map(back).toSorted();
  const own = seen.report.findings.filter((finding) => finding.kind === kind);
  bindMadeNames(
    own.map(({ help }) => help),
    findings.map(({ help = '' }) => help),
    renaming,
  );
  const others = seen.report.findings.filter(
    (finding) => finding.kind !== kind && !ASIDE.includes(finding.kind),
  );
  const refused = findings.some(({ repair }) => repair === 'refused');
  return {
    seen: {
      // Which fields a finding has to have goes by the case's own; they are alike within a case.
      findings: own.map((finding, i) => inWords(spoken(finding, findings[i]), back)).toSorted(),
      besides: others.map((finding) => finding.kind).toSorted(),
      plan: lines(planned),
      ...(results && { results: lines(resultLines(seen.outcome)) }),
      status: seen.outcome.status,
      end: lines(difference(seen.before, seen.after)).map(ofParts).toSorted(),
      quarantined: seen.quarantined,
      restored: seen.restored && { failed: seen.restored.outcome.failed, rows: lines(rowsChanged(seen)) },
      again:
        seen.again && !results
          ? { steps: planLines(seen.again.plan), end: difference(seen.after, seen.again.state) }
          : {},
    },
    said: {
      findings: findings.map((finding) => inWords(finding, said)).toSorted(),
      besides: besides.toSorted(),
      plan: plan.map(said).toSorted(),
      ...(results && { results: results.map(said).toSorted() }),
      status: status ?? (refused ? 'refused' : plan.length > 0 ? 'repaired' : 'clean'),
      end: end.map(said).map(ofParts).toSorted(),
      quarantined: lostRows(seen.before, seen.after),
      restored: seen.restored && { failed: [], rows: (problem.written ?? []).map(said).toSorted() },
      again: seen.again && !results ? { steps: [], end: [] } : {},
    },
  };
}

const ASIDE: readonly string[] = ['unindexed-foreign-key', 'half-null-key'];

/** Names are quoted where they need it, and all of the hostile ones do: whether they are is PostgreSQL's to judge. */
const plain = (text: string): string => text.replaceAll('"', '').replaceAll(" E'", "'");

/** PostgreSQL itself names the keys that it adds for the parts of a partitioned parent. */
const ofParts = (line: string): string =>
  line.replace(/^(. \S+) .*_fk(?:ey)?(_\d+): FOREIGN/s, '$1 *$2: FOREIGN');

const inWords = (finding: object, words: (text: string) => string): string =>
  Object.entries(finding)
    .map(([field, value]) => `${field}: ${words(String(value))}`)
    .toSorted()
    .join('\n');

const rowsOnly = ({ rows }: State): State => ({ schema: [], rows });
const rowsChanged = ({ before, restored, after }: Witness): readonly string[] =>
  difference(rowsOnly(before), rowsOnly(restored?.state ?? after));

const QUOTED = /"((?:[^"]|"")+)"/g;

/** What the guard named itself is made of hostile names, and cut: where the case has a name, it is that name. */
function bindMadeNames(planned: readonly string[], said: readonly string[], renaming: Renaming): void {
  for (const line of said) {
    const names: string[] = [];
    const pattern = line.split(QUOTED).map((part, i) => {
      if (i % 2 === 0) return escaped(part);
      const name = part.replaceAll('""', '"');
      if (renaming.isKnown(name)) return escaped(escapeIdentifier(renaming.rename(name)));
      names.push(name);
      return '"((?:[^"]|"")+)"';
    });
    const form = new RegExp(`^${pattern.join('')}$`, 's');
    const found = planned.map((candidate) => form.exec(candidate)).find((match) => match !== null);
    found?.slice(1).forEach((made, i) => renaming.bind(made.replaceAll('""', '"'), names[i] ?? ''));
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
