import * as v from 'valibot';
import { milliseconds } from './duration';
import { parseTableName } from './model/key-place';
import type { CreateParent, Logger } from './options';

const actions = ['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'] as const;
const orphanPolicies = ['auto', 'delete', 'nullify', 'keep'] as const;

const durationFrom = (least: number, why: string) =>
  v.pipe(
    v.string('must be a duration such as "30s"'),
    v.check((text) => milliseconds(text) !== undefined, 'must be a duration such as "100ms", "30s" or "5m"'),
    v.transform((text) => milliseconds(text) ?? 0),
    v.minValue(least, why),
  );

const duration = (fallback: string, least = 0) =>
  v.optional(durationFrom(least, 'must not be 0: PostgreSQL reads 0 as "wait for ever"'), fallback);

const cap = v.optional(durationFrom(1, 'must not be 0: nothing would ever be done'));

const tableName = v.pipe(
  v.string('must be a table such as "ops.hold"'),
  v.check(
    (text) => parseTableName(text) !== undefined,
    'must be one table with its schema, such as "ops.hold"',
  ),
  v.transform((text) => parseTableName(text) ?? { schema: '', name: '' }),
);

const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, `must be one of ${values.map((value) => `"${value}"`).join(', ')}`);

const wholeNumber = (least: number) =>
  v.pipe(
    v.number(`must be a whole number from ${least}`),
    v.integer(`must be a whole number from ${least}`),
    v.minValue(least, `must be a whole number from ${least}`),
  );

const text = v.pipe(v.string('must be text'), v.nonEmpty('must not be empty'));

const keyPart = v.union(
  [v.string(), v.pipe(v.number(), v.finite()), v.bigint(), v.boolean()],
  'must be a text, a number or a boolean',
);

const parentKey = v.union(
  [keyPart, v.pipe(v.array(keyPart), v.minLength(1)), v.record(v.string(), keyPart)],
  'must be the key of a parent: a value, or for a composite key a list or an object',
);

const createParent = v.custom<CreateParent>((value) => typeof value === 'function', 'must be a function');

/** The options of one relation. */
export const relationSchema = v.strictObject({
  onDelete: v.optional(oneOf(actions)),
  orphans: v.optional(oneOf(orphanPolicies)),
  disposable: v.optional(v.boolean('must be true or false')),
  remap: v.optional(v.strictObject({ using: text }, 'must be { using: "select old, new …" }')),
  reparent: v.optional(parentKey),
  createParent: v.optional(createParent),
  because: v.optional(text),
});

const logger = v.custom<Logger>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['debug', 'info', 'warn', 'error'].every((level) => typeof Reflect.get(value, level) === 'function'),
  'must have the functions debug, info, warn and error',
);

/** What holds a run up while it is there. */
export const sentinelSchema = v.strictObject({ file: v.optional(text), table: v.optional(tableName) });

/** All options, with every default in one place. */
export const optionSchema = v.strictObject({
  mode: v.optional(oneOf(['repair', 'check']), 'repair'),
  startupBudget: duration('60s', 1),
  onDelete: v.optional(oneOf(['explicit', 'models', 'CASCADE']), 'explicit'),
  orphans: v.optional(oneOf(orphanPolicies), 'auto'),
  relations: v.optional(v.record(v.string(), relationSchema), {}),
  include: v.optional(v.array(text), []),
  exclude: v.optional(
    v.array(
      v.union(
        [
          v.pipe(
            text,
            v.transform((pattern) => ({ pattern })),
          ),
          v.strictObject({ pattern: text, because: text }),
        ],
        'must be a pattern or { pattern, because }',
      ),
    ),
    [],
  ),
  limits: v.optional(
    v.strictObject({
      rewriteRows: v.optional(wholeNumber(0), 100_000),
      rows: v.optional(wholeNumber(0), 10),
      fraction: v.optional(
        v.pipe(
          v.number('must be a number from 0 to 1'),
          v.minValue(0, 'must be from 0 to 1'),
          v.maxValue(1, 'must be from 0 to 1'),
        ),
        0.2,
      ),
    }),
    {},
  ),
  fence: v.optional(v.boolean('must be true or false'), false),
  indexes: v.optional(oneOf(['create', 'report']), 'report'),
  scan: v.optional(oneOf(['needed', 'all']), 'needed'),
  sampleKeys: v.optional(wholeNumber(0), 0),
  triggers: v.optional(v.array(text), []),
  quarantine: v.optional(
    v.union(
      [v.literal(false), v.strictObject({ schema: v.optional(text, 'fk_guard') })],
      'must be { schema } or false',
    ),
    {},
  ),
  lockTimeout: duration('100ms', 1),
  lockBudget: duration('30s', 1),
  statementTimeout: duration('0'),
  waitTimeout: duration('5m', 1),
  batchSize: v.optional(
    v.union([wholeNumber(1), v.literal('auto')], 'must be "auto" or a whole number from 1'),
    'auto',
  ),
  sentinel: v.optional(
    v.pipe(
      sentinelSchema,
      v.check(
        ({ file, table }) => file !== undefined || table !== undefined,
        'must name a file, a table, or both',
      ),
    ),
  ),
  maxLag: cap,
  maxRunTime: cap,
  maxRunRows: v.optional(wholeNumber(1)),
  serializeModelSync: v.optional(v.boolean('must be true or false'), false),
  onFindings: v.optional(oneOf(['log', 'throw']), 'log'),
  logger: v.optional(logger),
});
