import type { FkGuard } from '../../guard';
import { isFatal, type Health } from './health';

/** Why a health check fails: the kind of a finding or the code of an error, and a sentence. No values of rows. */
export interface HealthCause {
  readonly code: string;
  readonly message: string;
}

/** What `fkGuardHealth` rejects with; `@godaddy/terminus` answers 503 and shows the causes. */
export class FkGuardHealthError extends Error {
  override readonly name = 'FkGuardHealthError';

  constructor(
    readonly causes: readonly HealthCause[],
    readonly health: Health,
  ) {
    super(`The database fails its health check: ${causes.map(({ message }) => message).join(' ')}`);
  }
}

/**
 * A guard's health in the way of `@godaddy/terminus`: resolves when it is `pass` or `warn`, and rejects with an Error
 * that has `causes` when it is `fail`. `timeout` as for `guard.health()`.
 */
export const fkGuardHealth =
  (guard: Pick<FkGuard, 'health'>, options?: { readonly timeout?: string }): (() => Promise<Health>) =>
  async () => {
    const health = await guard.health(options);
    if (health.status === 'fail') throw new FkGuardHealthError(causesOf(health), health);
    return health;
  };

const causesOf = ({ error, findings }: Health): readonly HealthCause[] =>
  error
    ? [{ code: error.code, message: error.message }]
    : findings.filter(isFatal).map(({ kind, message }) => ({ code: kind, message }));
