import { FkGuardError } from '../errors';
import { nearest } from '../names';
import type { ReferentialAction } from '../schema';

/** The two actions of a foreign key, under the names that Sequelize gives them. */
export type ActionName = 'onDelete' | 'onUpdate';

/** Values for each action, as somebody wrote them. */
export type WrittenActions = Readonly<Record<ActionName, readonly string[]>>;

const ACTIONS: readonly ReferentialAction[] = ['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'];

/**
 * The action that a text means, in any case. Throws `OPTIONS` for any other text: Sequelize does not check it, and
 * the server would only refuse it (42601) when the table is created.
 */
export function parseAction(written: string, place: string, name: ActionName): ReferentialAction {
  const action = ACTIONS.find((known) => known === normalize(written));
  if (action) return action;
  const suggestion = nearest(normalize(written), ACTIONS);
  throw new FkGuardError(
    'OPTIONS',
    `Invalid model: ${name} of "${place}" is "${written}"${suggestion ? `; did you mean "${suggestion}"?` : ''}`,
    `Write one of ${ACTIONS.map((known) => `"${known}"`).join(', ')} in the model.`,
  );
}

/** `set  null` as `SET NULL`: the form in which texts are compared. */
export const normalize = (written: string): string => written.trim().replace(/\s+/g, ' ').toUpperCase();

/** The text of an action option; nothing for the values that Sequelize reads as "not given". */
export const actionText = (value: unknown): string | undefined => (value ? String(value) : undefined);

/** Both actions that an object of options holds. */
export const actionsIn = (options: Readonly<Record<string, unknown>> | undefined): WrittenActions => ({
  onDelete: listOf(actionText(options?.['onDelete'])),
  onUpdate: listOf(actionText(options?.['onUpdate'])),
});

/** All values of several places together. */
export const together = (...all: readonly WrittenActions[]): WrittenActions => ({
  onDelete: all.flatMap((actions) => actions.onDelete),
  onUpdate: all.flatMap((actions) => actions.onUpdate),
});

const listOf = (text: string | undefined): readonly string[] => (text === undefined ? [] : [text]);
