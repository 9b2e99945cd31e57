import * as v from 'valibot';
import {
  cap,
  connectionString,
  duration,
  oneOf,
  parentKey,
  schemaName,
  tableName,
  text,
  wholeNumber,
} from './option-forms';
import { plain } from './plain';
import type { CreateParent, Logger } from './options';

const actions = ['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'] as const;
const orphanPolicies = ['auto', 'delete', 'nullify', 'keep'] as const;

const createParent = v.custom<CreateParent>((value) => typeof value === 'function', 'must be a function');

const relation = v.strictObject({
  onDelete: v.optional(oneOf(actions)),
  orphans: v.optional(oneOf(orphanPolicies)),
  disposable: v.optional(v.boolean('must be true or false')),
  remap: v.optional(v.strictObject({ using: text }, 'must be { using: "select old, new …" }')),
  reparent: v.optional(parentKey),
  createParent: v.optional(createParent),
  because: v.optional(text),
});

/** The options of one relation. */
export const relationOptions = Object.keys(relation.entries);

const logger = v.custom<Logger>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['debug', 'info', 'warn', 'error'].every((level) => typeof Reflect.get(value, level) === 'function'),
  'must have the functions debug, info, warn and error',
);

/** What holds a run up while it is there. */
const sentinel = v.strictObject({ file: v.optional(text), table: v.optional(tableName) });
export const sentinelOptions = Object.keys(sentinel.entries);

const options = v.strictObject({
  mode: v.optional(oneOf(['repair', 'check']), 'repair'),
  startupBudget: duration('60s', 1),
  onDelete: v.optional(oneOf(['explicit', 'models', 'CASCADE']), 'explicit'),
  orphans: v.optional(oneOf(orphanPolicies), 'auto'),
  relations: v.optional(plain(v.record(v.string(), plain(relation))), {}),
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
    plain(
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
    ),
    {},
  ),
  fence: v.optional(v.boolean('must be true or false'), false),
  indexes: v.optional(oneOf(['create', 'report']), 'report'),
  scan: v.optional(oneOf(['needed', 'all']), 'needed'),
  sampleKeys: v.optional(wholeNumber(0), 0),
  triggers: v.optional(v.array(text), []),
  quarantine: v.optional(
    v.union(
      [v.literal(false), plain(v.strictObject({ schema: v.optional(schemaName, 'fk_guard') }))],
      'must be { schema } with a name of at most 63 bytes that is not of PostgreSQL itself, or false',
    ),
    {},
  ),
  directUrl: v.optional(connectionString),
  lockTimeout: duration('100ms', 1),
  lockBudget: duration('30s', 1),
  statementTimeout: duration('0'),
  waitTimeout: duration('5m', 1),
  batchSize: v.optional(
    v.union([wholeNumber(1), v.literal('auto')], 'must be "auto" or a whole number from 1'),
    'auto',
  ),
  concurrency: v.optional(wholeNumber(1)),
  schemas: v.optional(v.array(text), []),
  sentinel: v.optional(
    v.pipe(
      plain(sentinel),
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

/** All options, with every default in one place. */
export const optionSchema = plain(options);
export const optionNames = Object.keys(options.entries);
