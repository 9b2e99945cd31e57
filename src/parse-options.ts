import * as v from 'valibot';
import { FkGuardError } from './errors';
import { nearest } from './names';
import { optionNames, optionSchema, relationOptions, sentinelOptions } from './option-schema';
import { whyUnreadable } from './plain';
import type { Mode, RelationOptions, Settings } from './options';
import { contradictionsIn } from './relation-options';

/** Turns what a user wrote into complete, frozen settings. Throws `OPTIONS` that names every wrong option at once. */
export function parseOptions(
  options: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): Settings {
  const unreadable = whyUnreadable(options);
  if (unreadable !== undefined) throw invalid([unreadable]);
  const parsed = v.safeParse(optionSchema, withDirectUrl(options ?? {}, environment['FK_GUARD_DIRECT_URL']));
  if (!parsed.success) throw invalid(parsed.issues.map(explain));
  const { quarantine, mode, ...rest } = parsed.output;
  const contradictions = Object.entries(rest.relations).flatMap(([id, own]) =>
    contradictionsIn(id, own as RelationOptions),
  );
  if (contradictions.length > 0) throw invalid(contradictions);
  if (quarantine === false && rest.orphans === 'auto') {
    throw invalid(['"quarantine: false" keeps no copy of removed rows, so it needs an explicit "orphans"']);
  }
  return Object.freeze({
    ...(rest as Omit<Settings, 'mode' | 'quarantine'>),
    mode: modeUnder(environmentMode(environment), mode),
    quarantine:
      quarantine === false ? { schema: 'fk_guard', keepRows: false } : { ...quarantine, keepRows: true },
  });
}

/** What stands in the code goes first; an empty variable is none. */
const withDirectUrl = (options: unknown, directUrl: string | undefined): unknown =>
  directUrl && typeof options === 'object' ? { directUrl, ...options } : options;

/** `FK_GUARD_MODE`, the switch for 3 a.m. */
export function environmentMode(
  environment: Readonly<Record<string, string | undefined>>,
): Mode | 'off' | undefined {
  const mode = environment['FK_GUARD_MODE'];
  if (mode === undefined || mode === '') return undefined;
  if (mode === 'off' || mode === 'check' || mode === 'repair') return mode;
  throw invalid([`FK_GUARD_MODE is "${mode}"; it must be off, check or repair`]);
}

/** Switched off means off for the hook; whoever asks by hand may still look. */
const modeUnder = (environment: Mode | 'off' | undefined, written: Mode): Mode =>
  environment === 'off' ? 'check' : (environment ?? written);

/** The error for options that cannot be used. */
export function invalid(problems: readonly string[]): FkGuardError {
  return new FkGuardError(
    'OPTIONS',
    `Invalid options: ${problems.join('; ')}`.replace(/(?<!\?)$/, '.'),
    'Correct the options; nothing was read or written.',
  );
}

function explain(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'options';
  if (issue.type !== 'strict_object' || issue.expected !== 'never') return `"${path}" ${issue.message}`;
  const key = String(issue.path?.at(-1)?.key);
  const known = path.startsWith('relations.')
    ? relationOptions
    : path.startsWith('sentinel.')
      ? sentinelOptions
      : optionNames;
  const suggestion = nearest(key, known);
  return `"${path}" is not an option${suggestion ? `; did you mean "${suggestion}"?` : ''}`;
}
