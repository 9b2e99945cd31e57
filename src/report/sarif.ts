import type { Finding } from '../finding';
import { problems } from '../problems';
import { visible, visibleIn } from '../visible';
import type { Tool } from './json';
import { problemUrl } from './links';
import type { Origin } from './origin';

/** A finding that is accepted, and why. */
export interface Accepted {
  readonly finding: Finding;
  readonly because: string;
}

/** What a SARIF log is made of. */
export interface SarifInput {
  readonly tool: Tool;
  readonly findings: readonly Finding[];
  /** Findings of a baseline; `undefined` where there is none, which says nothing about what is new. */
  readonly accepted: readonly Accepted[] | undefined;
  readonly origin: Origin;
}

const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const;

/** A SARIF 2.1.0 log, which code scanning reads: a rule for each kind of problem, a result for each finding. */
export function sarifText(data: SarifInput): string {
  const { tool, findings, accepted, origin } = data;
  const results = [
    ...findings.map((finding) => result(finding, origin, accepted ? { baselineState: 'new' } : {})),
    ...(accepted ?? []).map(({ finding, because }) =>
      result(finding, origin, {
        baselineState: 'unchanged',
        suppressions: [{ kind: 'external', justification: visible(because) }],
      }),
    ),
  ];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: tool.name, semanticVersion: tool.version, rules: problems.map(rule) } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const rule = ({ kind, severity, title, why, remedy }: (typeof problems)[number]) => ({
  id: kind,
  name: kind.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase()),
  shortDescription: { text: title },
  fullDescription: { text: why },
  help: { text: remedy },
  helpUri: problemUrl(kind),
  defaultConfiguration: { level: LEVEL[severity] },
});

function result(data: Finding, origin: Origin, more: object) {
  const place = origin(data);
  const { id, kind, severity, message, help, refusal, relation, child } = visibleIn(data);
  const logical = { fullyQualifiedName: relation ?? `${child.schema}.${child.table}`, kind: 'element' };
  const physical = place && {
    physicalLocation: {
      artifactLocation: { uri: uriOf(place.file), uriBaseId: '%SRCROOT%' },
      region: { startLine: place.line },
    },
  };
  return {
    ruleId: kind,
    ruleIndex: problems.findIndex((problem) => problem.kind === kind),
    level: LEVEL[severity],
    message: { text: `${message} ${refusal?.message ?? help}` },
    locations: [{ ...physical, logicalLocations: [logical] }],
    // The finding's id is the kind and the place, never a count or a line.
    partialFingerprints: { 'fkGuardFinding/v1': id },
    ...more,
  };
}

/** A relative reference: a colon in its first part would make that a scheme. */
const uriOf = (file: string): string => file.split('/').map(encodeURIComponent).join('/');
