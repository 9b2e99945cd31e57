import { counted } from '../counted';
import { FkGuardError } from '../errors';

/** More rows than the run may still take; a smaller batch may have room. */
export class BatchTooLarge extends Error {
  constructor(readonly rows: number) {
    super(`a batch of ${rows} rows`);
  }
}

/** A trigger or rule has kept rows that should be gone. */
export const veto = (table: string, rows: number): FkGuardError =>
  new FkGuardError(
    'TRIGGER_VETO',
    `${counted(rows, 'row')} of ${table} ${rows === 1 ? 'was' : 'were'} kept by a trigger or rule; the batch was rolled back.`,
    'Disable the trigger for the time of the clean-up, or leave these rows.',
  );

/** A trigger or rule has kept parents away that should have been made. */
export const swallowed = (table: string, rows: number): FkGuardError =>
  new FkGuardError(
    'TRIGGER_VETO',
    `${counted(rows, 'row')} of ${table} ${rows === 1 ? 'was' : 'were'} not made as asked for, because of a trigger or rule; nothing was made.`,
    'Disable the trigger for the time of the repair, or make these parents by hand.',
  );

/** The parent that orphans were to get is gone. */
export const newParentGone = (parent: string, key: readonly string[]): FkGuardError =>
  new FkGuardError(
    'NO_SUCH_PARENT',
    `${parent} has no row ${key.join(', ')} any more, which the orphans were to get; the batch was rolled back.`,
    'Bring that row back, or set reparent to another one, and run again.',
  );

/** A key, or a relation without one, stands in the way. */
export const blocked = (
  table: string,
  { name, relation }: { readonly name: string; readonly relation?: string },
  rows: number,
): FkGuardError =>
  new FkGuardError(
    'CASCADE_BLOCKED',
    `${counted(rows, 'row', 'points', 'point')} at orphans of ${table} through ${name}; the batch was rolled back.`,
    relation === undefined
      ? 'Write an ON DELETE action for that relation, or decide about its rows first.'
      : `Write an ON DELETE action for that relation (onDelete in the model, or relations: { '${relation}': { onDelete } }), or decide about its rows first.`,
  );

/** Whether anything is below the rows cannot be seen. */
export const hidden = (table: string, { name }: { readonly name: string }): FkGuardError =>
  new FkGuardError(
    'CASCADE_BLOCKED',
    `Rows may point at orphans of ${table} through ${name}, and they cannot all be looked at; nothing was removed.`,
    'Run with a role that can read that table, without row security.',
  );

/** Every child of an empty parent looks orphaned. */
export const emptyParent = (parent: string, table: string): FkGuardError =>
  new FkGuardError(
    'LIMIT',
    `${parent} is empty, so every row of ${table} looks orphaned; the batch was rolled back.`,
    'Fill the parent, or set limits: { fraction: 1 } if the rows are to go.',
  );

/** Copies without their run are in no list and come back by no command. */
export const runGone = (runId: string): FkGuardError =>
  new FkGuardError(
    'LEDGER',
    `The run ${runId} is not in the ledger any more; the batch was rolled back.`,
    'Run again, and leave the runs in the ledger while a guard is at work.',
  );

/** What a delete would do has changed under way. */
export const moved = (table: string): FkGuardError =>
  new FkGuardError(
    'CASCADE_MOVED',
    `The tables, keys or triggers below ${table} changed while its orphans were being cleaned.`,
    'Run again; what is done stays done.',
  );

/** The parent's name, or its column's, means something else now: every child may look like an orphan of it. */
export const replaced = (parent: string): FkGuardError =>
  new FkGuardError(
    'CASCADE_MOVED',
    `${parent}, or its key, is not what the orphans were counted by: it was replaced meanwhile.`,
    'Run again when the tables have their names; what is done stays done.',
  );

/** More would have gone than there are copies of. */
export const uncopied = (table: string, rows: number): FkGuardError =>
  new FkGuardError(
    'CASCADE_MOVED',
    `${counted(rows, 'row')} of ${table} would have gone without a copy; the batch was rolled back.`,
    'Run again. If it happens each time, a session writes there that checks no keys (a subscription, session_replication_role = replica): stop it for the time of the clean-up.',
  );

/** A trigger that somebody has put on the quarantine lets no copies in. */
export const copiesKeptAway = (table: string, rows: number): FkGuardError =>
  new FkGuardError(
    'TRIGGER_VETO',
    `${counted(rows, 'row')} of ${table} would have gone without a copy: the quarantine did not take ${rows === 1 ? 'it' : 'them'}; the batch was rolled back.`,
    "Look for a trigger on the guard's own table quarantine, and remove it.",
  );

/** Rows would have gone in a version that came after the list. */
export const movedRows = (table: string, rows: number): FkGuardError =>
  new FkGuardError(
    'CASCADE_MOVED',
    `${counted(rows, 'row')} of ${table} changed while the batch waited for ${rows === 1 ? 'it' : 'them'}; the batch was rolled back.`,
    'Run again; what is done stays done.',
  );
