import * as v from 'valibot';

/** What clients may send. */

const MAX_INTEGER = 2 ** 31 - 1;

const id = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_INTEGER));
const text = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(255));

export const newBook = v.strictObject({ title: text, isbn: text, categoryId: v.optional(id) });
export const newUser = v.strictObject({ name: text, email: v.pipe(text, v.email()) });
export const newCheckout = v.strictObject({
  userId: id,
  bookId: id,
  dueAt: v.optional(v.pipe(v.string(), v.isoTimestamp())),
});

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What somebody was shown before they said yes; optional, as a program has seen nothing. */
export const shownImpact = v.optional(
  v.strictObject({
    touched: v.optional(
      v.array(v.strictObject({ model: v.string(), rowsDeleted: count, rowsChanged: count })),
    ),
  }),
  {},
);

const digits = v.pipe(v.string(), v.regex(/^\d{1,10}$/, 'must be a whole number'), v.transform(Number));

export const page = v.object({
  limit: v.optional(v.pipe(digits, v.minValue(1), v.maxValue(200)), '50'),
  offset: v.optional(v.pipe(digits, v.maxValue(MAX_INTEGER)), '0'),
});
export const checkoutPage = v.object({
  ...page.entries,
  userId: v.optional(v.pipe(digits, v.maxValue(MAX_INTEGER))),
});

/** A key out of a path; undefined when no row can have it. */
export function keyOf(param: string | undefined): number | undefined {
  const key = v.safeParse(v.pipe(digits, id), param);
  return key.success ? key.output : undefined;
}
