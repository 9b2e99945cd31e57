import * as v from 'valibot';
import { nearest } from '../../names';
import { invalid } from '../../parse-options';

/** How to put rows back. */
export interface RestoreOptions {
  /** Look and write nothing. */
  readonly dryRun?: boolean;
  /** First take back what the run has done to keys and types. */
  readonly schema?: boolean;
}

/** The same, understood. */
export type RestoreRequest = Required<RestoreOptions>;

/** Throws `OPTIONS`, also for a name that is none: behind a misspelt `dryRun` rows would be written. */
export function parseRestoreOptions(options: unknown): RestoreRequest {
  const parsed = v.safeParse(schema, options ?? {});
  if (!parsed.success) throw invalid(parsed.issues.map(explain));
  return parsed.output;
}

const yesOrNo = v.optional(v.boolean('must be true or false'), false);

const schema = v.strictObject({ dryRun: yesOrNo, schema: yesOrNo });

function explain(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'options';
  if (issue.type !== 'strict_object' || issue.expected !== 'never') return `"${path}" ${issue.message}`;
  const suggestion = nearest(path, Object.keys(schema.entries));
  return `"${path}" is not an option of restore${suggestion ? `; did you mean "${suggestion}"?` : ''}`;
}
