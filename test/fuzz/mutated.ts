import fc from 'fast-check';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Path = readonly (string | number)[];

/** A valid document with something in it replaced, removed or added, some times over. */
export const mutated = (valid: unknown): fc.Arbitrary<unknown> =>
  fc
    .array(fc.record({ at: fc.nat(), by: replacement, how: fc.constantFrom('replace', 'remove', 'add') }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((changes) =>
      changes.reduce<Json>((document, { at, by, how }) => {
        const paths = pathsIn(document);
        return changed(document, paths[at % paths.length] ?? [], by, how);
      }, valid as Json),
    );

/** Any bytes, those of a document that was cut off or has got others in it included. */
export const bytes = (valid: unknown): fc.Arbitrary<Uint8Array> => {
  const whole = Buffer.from(JSON.stringify(valid));
  return fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.nat(whole.length - 1).map((length) => whole.subarray(0, length)),
    fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
      const other = Buffer.from(whole);
      other[at] = (other[at] ?? 0) ^ flip;
      return other;
    }),
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
  );
};

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', '', 'rows', 'sql', 'url'];
const replacement = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(...NAMES, -1, 1e300, '9'.repeat(400), { ['__proto__']: 1 }, [[]]),
);

function pathsIn(value: Json, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, own]) => pathsIn(own, [...path, name]))];
}

function changed(value: Json, [name, ...rest]: Path, by: Json, how: string): Json {
  if (name === undefined) return by;
  const entries = Object.entries(value as Record<string, Json>);
  const result = entries.flatMap(([own, part]): [string, Json][] => {
    if (own !== name) return [[own, part]];
    if (rest.length > 0) return [[own, changed(part, rest, by, how)]];
    return how === 'remove'
      ? []
      : how === 'add'
        ? [
            [own, part],
            [`${own}x`, by],
          ]
        : [[own, by]];
  });
  return Array.isArray(value) ? result.map(([, part]) => part) : Object.fromEntries(result);
}
