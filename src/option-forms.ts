import * as v from 'valibot';
import { milliseconds } from './duration';
import { parseTableName } from './model/key-place';
import { isSchemaName, plain } from './plain';

/** What PostgreSQL's settings and Node's timers hold: more would be 1 ms there, or an error half way. */
const LONGEST = 2 ** 31 - 1;

const durationFrom = (least: number, why: string) =>
  v.pipe(
    v.string('must be a duration such as "30s"'),
    v.check((text) => milliseconds(text) !== undefined, 'must be a duration such as "100ms", "30s" or "5m"'),
    v.transform((text) => milliseconds(text) ?? 0),
    v.minValue(least, why),
    v.maxValue(LONGEST, 'must be at most 24 days'),
  );

export const duration = (fallback: string, least = 0) =>
  v.optional(durationFrom(least, 'must not be 0: PostgreSQL reads 0 as "wait for ever"'), fallback);

export const cap = v.optional(durationFrom(1, 'must not be 0: nothing would ever be done'));

export const tableName = v.pipe(
  v.string('must be a table such as "ops.hold"'),
  v.check(
    (text) => parseTableName(text) !== undefined,
    'must be one table with its schema, such as "ops.hold"',
  ),
  v.transform((text) => parseTableName(text) ?? { schema: '', name: '' }),
);

const CONNECTION_FORM = 'must be a connection string such as postgres://user:password@host:5432/database';

export const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, `must be one of ${values.map((value) => `"${value}"`).join(', ')}`);

export const wholeNumber = (least: number) =>
  v.pipe(
    v.number(`must be a whole number from ${least}`),
    v.safeInteger(`must be a whole number from ${least}`),
    v.minValue(least, `must be a whole number from ${least}`),
  );

export const text = v.pipe(v.string('must be text'), v.nonEmpty('must not be empty'));

/** Never repeated in a message: it holds a password. */
export const connectionString = v.pipe(
  v.string(CONNECTION_FORM),
  v.check((url) => /^postgres(ql)?:\/\//i.test(url) && URL.canParse(url), CONNECTION_FORM),
);
export const schemaName = v.custom<string>(isSchemaName);

const keyPart = v.union(
  [v.string(), v.pipe(v.number(), v.finite()), v.bigint(), v.boolean()],
  'must be a text, a number or a boolean',
);

export const parentKey = v.union(
  [keyPart, v.pipe(v.array(keyPart), v.minLength(1)), plain(v.record(v.string(), keyPart))],
  'must be the key of a parent: a value, or for a composite key a list or an object',
);
