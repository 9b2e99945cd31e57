import * as v from 'valibot';
import { AGE_FORM, ageOf } from '../age';
import { nearest } from '../names';
import { invalid } from '../parse-options';

/** Which copies are to go. */
export interface PurgeOptions {
  /** Such as `'30d'`: the copies of runs whose last copy is older than this. */
  readonly olderThan: string;
  /** Look and take nothing away. */
  readonly dryRun?: boolean;
  /** Of these runs only, so that what was shown to somebody is what goes. */
  readonly runs?: readonly string[];
}

/** The same, understood; `age` is in milliseconds. */
export interface PurgeRequest {
  readonly age: number;
  readonly dryRun: boolean;
  readonly only: readonly string[] | undefined;
}

/** Throws `OPTIONS`, also for a name that is none: behind a misspelt `dryRun` copies would go. */
export function parsePurgeOptions(options: unknown): PurgeRequest {
  const parsed = v.safeParse(schema, options ?? {});
  if (!parsed.success) throw invalid(parsed.issues.map(explain));
  const { olderThan, dryRun, runs } = parsed.output;
  return { age: ageOf(olderThan) ?? NaN, dryRun, only: runs };
}

const age = v.custom<string>((text) => ageOf(text) !== undefined, AGE_FORM);

const schema = v.strictObject({
  olderThan: age,
  dryRun: v.optional(v.boolean('must be true or false'), false),
  runs: v.optional(v.array(v.string('must be the id of a run'), 'must be a list of ids of runs')),
});

function explain(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'options';
  if (path === 'olderThan') return `"olderThan" ${AGE_FORM}`;
  if (issue.type !== 'strict_object' || issue.expected !== 'never') return `"${path}" ${issue.message}`;
  const suggestion = nearest(path, Object.keys(schema.entries));
  return `"${path}" is not an option of purge${suggestion ? `; did you mean "${suggestion}"?` : ''}`;
}
