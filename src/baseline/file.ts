import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { FkGuardError } from '../errors';
import type { Finding } from '../finding';
import type { Baseline, Entry } from './baseline';
import { entryOf } from './compare';

const VERSION = 1;

/** Reads what a baseline file holds. Throws `CONFIG` for anything else, and for one that was edited in more than its reasons. */
export function parseBaseline(text: string, path: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid(path, 'is not JSON', error);
  }
  const parsed = v.safeParse(shape, value);
  if (!parsed.success) throw invalid(path, problemOf(value, parsed.issues[0]));
  const { findings, seal } = parsed.output;
  if (new Set(findings.map(({ id }) => id)).size !== findings.length)
    throw invalid(path, 'names a finding twice');
  const reasonless = findings.find(({ because }) => because.trim() === '');
  if (reasonless) throw invalid(path, `gives no reason for ${JSON.stringify(reasonless.id)}`);
  if (sealOf(findings as readonly Entry[]) !== seal)
    throw invalid(path, 'was edited in more than its reasons ("because")');
  return { entries: findings as readonly Entry[] };
}

function problemOf(value: unknown, issue: v.BaseIssue<unknown>): string {
  const version: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'fkGuardBaseline') : undefined;
  if (version === undefined) return 'is no baseline: "fkGuardBaseline" is missing';
  if (version !== VERSION)
    return `is a baseline of another version (${JSON.stringify(version).slice(0, 20)})`;
  return `is not a baseline: "${v.getDotPath(issue) ?? 'findings'}" is missing or wrong`;
}

const shape = v.looseObject({
  fkGuardBaseline: v.literal(VERSION),
  seal: v.string(),
  findings: v.array(
    v.strictObject({
      id: v.string(),
      kind: v.string(),
      severity: v.picklist(['error', 'warning', 'info']),
      rows: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
      state: v.string(),
      because: v.string(),
    }),
  ),
});

/** Accepts all findings as they are; one that was accepted before keeps its reason. */
export function baselineOf(
  findings: readonly Finding[],
  before: Baseline | undefined,
  because: string | undefined,
): Baseline | undefined {
  const reasons = new Map(before?.entries.map((entry) => [entry.id, entry.because]));
  const entries = findings.map((finding) => entryOf(finding, reasons.get(finding.id) ?? because ?? ''));
  return entries.some((entry) => entry.because.trim() === '') ? undefined : { entries };
}

/** The file's text: sorted and a line for each field, so that a change of it is a small one. */
export function baselineText({ entries }: Baseline): string {
  const findings = [...entries].sort((a, b) => (a.id < b.id ? -1 : 1));
  return `${JSON.stringify({ fkGuardBaseline: VERSION, findings, seal: sealOf(findings) }, null, 2)}\n`;
}

/** Of everything but the reasons, in whatever order. */
const sealOf = (entries: readonly Entry[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        entries
          .map(({ id, kind, severity, rows, state }) => [id, kind, severity, rows ?? null, state])
          .sort(),
      ),
    )
    .digest('hex');

/** The error for a file that cannot be used as a baseline. */
export const invalid = (path: string, problem: string, cause?: unknown): FkGuardError =>
  new FkGuardError(
    'CONFIG',
    `The baseline ${path} ${problem}.`,
    'Write it anew with fk-guard check --baseline <file> --write-baseline --because "…" after a look at what it accepts.',
    cause,
  );
