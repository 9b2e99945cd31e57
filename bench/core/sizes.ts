/** How much of everything there is. The targets are meant for `large`; the others show that the program works. */
export interface Size {
  readonly rounds: number;
  /** Models of a healthy database. */
  readonly models: readonly number[];
  readonly catalogTables: number;
  readonly checkedChildren: readonly number[];
  readonly cleanedChildren: number;
  /** Parents with uuid keys, for the clean-up beside the seeds' NOT IN. */
  readonly uuidParents: number;
  /** Checkouts of BookNexus: what the repair's time is held against, and how many times as many. */
  readonly repair: { readonly few: number; readonly times: number };
  readonly writersCheckouts: number;
  readonly memoryChildren: readonly [few: number, many: number];
  readonly starters: { readonly processes: number; readonly models: number };
  readonly tenants: { readonly count: number; readonly tables: number };
  /** Calls of `createWithParents` in one round. */
  readonly calls: number;
}

const M = 1_000_000;

export const SIZES = {
  small: {
    rounds: 1,
    models: [20],
    catalogTables: 200,
    checkedChildren: [50_000],
    cleanedChildren: 50_000,
    uuidParents: 20_000,
    repair: { few: 5_000, times: 10 },
    writersCheckouts: 50_000,
    memoryChildren: [10_000, 100_000],
    starters: { processes: 4, models: 10 },
    tenants: { count: 5, tables: 5 },
    calls: 10,
  },
  medium: {
    rounds: 3,
    models: [50, 200],
    catalogTables: 1_000,
    checkedChildren: [M],
    cleanedChildren: M,
    uuidParents: 500_000,
    repair: { few: 100_000, times: 10 },
    writersCheckouts: M,
    memoryChildren: [200_000, 2 * M],
    starters: { processes: 32, models: 50 },
    tenants: { count: 100, tables: 20 },
    calls: 40,
  },
  large: {
    rounds: 5,
    models: [50, 200, 1_000, 5_000],
    catalogTables: 5_000,
    checkedChildren: [M, 5 * M],
    cleanedChildren: 5 * M,
    uuidParents: M,
    repair: { few: M, times: 10 },
    writersCheckouts: 5 * M,
    memoryChildren: [M, 20 * M],
    starters: { processes: 32, models: 50 },
    tenants: { count: 500, tables: 20 },
    calls: 40,
  },
} as const satisfies Record<string, Size>;

export type SizeName = keyof typeof SIZES;

export const isSizeName = (text: string): text is SizeName => Object.hasOwn(SIZES, text);
