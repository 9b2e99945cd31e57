import { isOnlyKey, type Key } from './facts';
import type { Story } from './story';

/** What the models of BookNexus promise where the demo breaks it; as PostgreSQL spells it. */
const PROMISES = [
  [
    'Checkouts',
    'userId',
    'FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE CASCADE',
  ],
  [
    'Checkouts',
    'bookId',
    'FOREIGN KEY ("bookId") REFERENCES "Books"(id) ON UPDATE CASCADE ON DELETE CASCADE',
  ],
  [
    'Fines',
    'checkoutId',
    'FOREIGN KEY ("checkoutId") REFERENCES "Checkouts"(id) ON UPDATE CASCADE ON DELETE CASCADE',
  ],
  ['Reviews', 'bookId', 'FOREIGN KEY ("bookId") REFERENCES "Books"(id) ON UPDATE CASCADE ON DELETE CASCADE'],
  ['Reviews', 'userId', 'FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE SET NULL'],
] as const;

/** How many claims `claimPromises` makes. */
export const PROMISE_COUNT = PROMISES.length;

/** Claims that every promise is kept by exactly one validated key. */
export function claimPromises(story: Story, keys: readonly Key[]): void {
  for (const [table, column, definition] of PROMISES) {
    story.claim(
      `"${table}" has one valid key on "${column}": ${definition}`,
      isOnlyKey(keys, table, column, definition),
    );
  }
}
