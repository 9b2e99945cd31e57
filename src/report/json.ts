import type { Finding } from '../finding';
import type { DatabaseInfo, Outcome, Plan, Report, Step, StepResult } from '../outcome';
import type { PurgeOutcome, RestoreOutcome } from '../quarantine-outcome';
import type { Impact } from '../runtime/impact/impact';
import type { Status } from '../status/status';
import { visibleLines } from '../visible';
import { DOCUMENT_SCHEMA } from './links';
import { rowsByStrategy } from './plan-text';
import { restoreCommand } from './status-text';
import { carriedOutTenants, plannedTenants } from './tenants-json';

/** Something that went wrong, as it stands in a document. */
export interface ReportedError {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
}

/** The program that wrote a document. */
export interface Tool {
  readonly name: string;
  readonly version: string;
}

/** When a command began, how long it took and what it came to. */
export interface RunFacts {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly exitCode: number;
}

/** The one document of `--format json`; new fields may appear, these keep their name and meaning. */
export interface JsonDocument extends RunFacts {
  readonly $schema: string;
  readonly schemaVersion: 1;
  readonly command: string;
  readonly tool: Tool;
  readonly database: DatabaseInfo | null;
  readonly summary: object | null;
  readonly findings: readonly Finding[];
  readonly steps: readonly (Step | StepResult)[];
  readonly errors: readonly ReportedError[];
}

/** What a command adds to the document; the rest is the same for all. */
export type JsonBody = Partial<
  Omit<JsonDocument, '$schema' | 'schemaVersion' | 'command' | 'tool' | keyof RunFacts>
> &
  Readonly<Record<string, unknown>>;

/** The document as data; every field is there even when it is empty. */
export function jsonDocument(command: string, tool: Tool, body: JsonBody, facts: RunFacts): JsonDocument {
  const empty = { database: null, summary: null, findings: [], steps: [], errors: [] };
  return { $schema: DOCUMENT_SCHEMA, schemaVersion: 1, command, tool, ...facts, ...empty, ...body };
}

/** Writes a document. */
export const jsonText = (document: JsonDocument): string =>
  `${visibleLines(JSON.stringify(document, null, 2))}\n`;

export const reportBody = ({ database, summary, findings, notMeasured, tenants }: Report): JsonBody => ({
  database,
  summary,
  findings,
  notMeasured,
  ...(tenants && { tenants }),
});

export function planBody(plan: Plan): JsonBody {
  const { removed, nullified, reparented, converted, created } = rowsByStrategy(plan);
  return {
    database: plan.database,
    summary: {
      steps: plan.steps.length,
      rowsToDelete: removed,
      rowsToNullify: nullified,
      rowsToReparent: reparented,
      valuesToConvert: converted,
      parentsToCreate: created,
      refusals: plan.refusals.length,
    },
    findings: plan.findings,
    steps: plan.steps,
    refusals: plan.refusals,
    fingerprint: plan.fingerprint,
    ...plannedTenants(plan),
  };
}

export function outcomeBody(outcome: Outcome, database: DatabaseInfo): JsonBody {
  const { steps, remaining, shared: _, tenants: __, ...summary } = outcome;
  return {
    database,
    summary: { ...summary, runId: outcome.runId ?? null, remaining: remaining.length },
    findings: remaining,
    steps,
    errors: steps.flatMap((step) => (step.error ? [{ step: step.id, ...step.error }] : [])),
    ...carriedOutTenants(outcome),
  };
}

export const restoreBody = (outcome: RestoreOutcome, dryRun: boolean): JsonBody => ({
  summary: { runId: outcome.runId, dryRun, restored: outcome.restored, failed: outcome.failed.length },
  failed: outcome.failed,
  ...(outcome.createdParents && { createdParents: outcome.createdParents }),
  ...(outcome.earlier && { earlier: outcome.earlier }),
  ...(outcome.purged && { purged: outcome.purged }),
  ...(outcome.schema && { schema: outcome.schema }),
});

/** `rows` of the summary were removed, or in a dry run would be. */
export const purgeBody = ({ database, runs, kept, ...summary }: PurgeOutcome, dryRun: boolean): JsonBody => ({
  database,
  summary: { dryRun, ...summary, runs: runs.length, kept: kept.length },
  runs,
  kept,
});

/** What one delete would do; `summary` has the verdict and the totals. */
export const impactBody = ({ database, schemaVersion: _version, ...impact }: Impact): JsonBody => ({
  database,
  summary: {
    found: impact.found,
    verdict: impact.verdict,
    rowsDeleted: impact.rowsDeleted,
    rowsChanged: impact.rowsChanged,
    blocks: impact.blocks.length,
    doubts: impact.doubts.length,
  },
  impact,
});

export const statusBody = ({ database, ledger, runs, notValid, quarantine }: Status): JsonBody => ({
  database,
  summary: {
    ledger: ledger.state,
    runs: ledger.runs,
    unfinished: runs.filter(({ goesOn }) => goesOn).length,
    notValid: notValid.length,
    copies: quarantine.rows,
    open: quarantine.open,
    bytes: quarantine.bytes,
  },
  ledger,
  runs: runs.map((run) => ({ ...run, restore: restoreCommand(run) ?? null })),
  notValid,
  quarantine,
  errors: ledger.error ? [ledger.error] : [],
});
