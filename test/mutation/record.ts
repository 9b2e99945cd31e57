import type { ProblemKind } from 'sequelize-fk-guard';
import type { Expected } from '../../src/expected';
import type { Settings } from '../../src/options';
import type { Snapshot } from '../../src/snapshot';
import type { ExpectedFinding } from '../problem-tester/case';
import type { LockedStatement } from '../problem-tester/locks';

/** What one look at a real database has put in, and what the test that made the database says must come out. */
export interface PureRecord {
  readonly title: string;
  readonly kind: ProblemKind;
  readonly look: Look;
  /** As they stand in the test. */
  readonly findings: readonly ExpectedFinding[];
  readonly besides: readonly ProblemKind[];
  readonly plan: readonly string[];
  /** What PostgreSQL has shown of each statement's locks; absent where the case does not look for them. */
  readonly locks?: { readonly observed: readonly LockedStatement[]; readonly roots: Record<string, string> };
  /** A second look, after the repair; absent where the repair is not to be done, or not wholly. */
  readonly repaired?: Look;
}

/** Everything that the pure core is given: the models, the options, and what the server has answered. */
export interface Look {
  readonly expected: Expected;
  readonly settings: Settings;
  readonly seen: Snapshot;
}

/** Functions of the options (`createParent`) are only asked for by readers of the database: that one is there is enough. */
const FUNCTION = '(function)';

/** As JSON; of the settings with what JSON has no word for. */
export const written = (records: readonly PureRecord[]): string =>
  JSON.stringify(records, (key, value: unknown) => (key === 'settings' ? settingsText(value) : value));

const settingsText = (settings: unknown): string =>
  JSON.stringify(settings, (_, value: unknown) => {
    if (typeof value === 'function') return FUNCTION;
    if (typeof value === 'bigint') return { bigint: String(value) };
    return value === Infinity ? { infinity: true } : value;
  });

/** The records that `written` wrote. */
export const read = (text: string): readonly PureRecord[] =>
  (JSON.parse(text) as readonly Written<PureRecord>[]).map(({ look, repaired, ...record }) => ({
    ...record,
    look: lookOf(look),
    ...(repaired && { repaired: lookOf(repaired) }),
  }));

type Written<T> = Omit<T, 'look' | 'repaired'> & {
  readonly look: WrittenLook;
  readonly repaired?: WrittenLook;
};
type WrittenLook = Omit<Look, 'settings'> & { readonly settings: string };

const lookOf = (look: WrittenLook): Look => ({ ...look, settings: settingsOf(look.settings) });

const settingsOf = (text: string): Settings =>
  JSON.parse(text, (_, value: unknown) => {
    if (value === FUNCTION) return () => ({});
    if (typeof value !== 'object' || value === null) return value;
    if ('infinity' in value) return Infinity;
    return 'bigint' in value && typeof value.bigint === 'string' ? BigInt(value.bigint) : value;
  }) as Settings;
