import type { SyncScope } from '../sync/port';
import type { ModelLike, SequelizeLike, SyncOptionsLike } from './sequelize-like';

/** Whose `sync` was called. */
export type SyncTarget = SequelizeLike | ModelLike;

/** The options as `sync` itself will merge them, for decisions that are due before its first hook runs. */
export function mergedOptions(target: SyncTarget, options: SyncOptionsLike | undefined): SyncOptionsLike {
  // Not by spreading them: a model has many options, and this is asked for each of its syncs.
  const sources: readonly Readonly<Record<string, unknown>>[] = [
    { ...options },
    { ...optionsOfSync(target) },
    target.options,
  ];
  const merged = Object.fromEntries(
    OPTIONS_OF_SYNC.flatMap((name) => {
      const source = sources.find((each) => Object.hasOwn(each, name));
      return source ? [[name, source[name]]] : [];
    }),
  ) as SyncOptionsLike;
  // `Sequelize.sync` looks at the call's own `hooks` only; `Model.sync` finds its model's hooks there, an object.
  const hooks = isModel(target)
    ? options?.hooks === undefined || Boolean(options.hooks)
    : options?.hooks !== false;
  return { ...merged, hooks };
}

const OPTIONS_OF_SYNC: readonly (keyof SyncOptionsLike)[] = [
  'force',
  'alter',
  'match',
  'transaction',
  'schema',
];

/** What a sync with these (merged) options will touch. */
export function scopeOf(target: SyncTarget, options: SyncOptionsLike): SyncScope {
  const schema = isModel(target)
    ? otherSchemaOf(target, options)
    : otherSchema(options.schema, target.options['schema']);
  return {
    ...(isModel(target) && { models: [target.name] }),
    ...(schema !== undefined && { schema }),
    force: Boolean(options.force),
    alter: Boolean(options.alter),
  };
}

/** True when the statements of this sync will run in a transaction, passed or found by Sequelize's CLS. */
export function inTransaction(sequelize: SequelizeLike, options: SyncOptionsLike): boolean {
  if (options.transaction !== undefined) return options.transaction !== null;
  const { _cls: cls } = sequelize.constructor as { _cls?: { get(key: string): unknown } };
  return Boolean(cls?.get('transaction'));
}

/** True for a model class, false for a Sequelize instance. */
export const isModel = (target: SyncTarget): target is ModelLike => typeof target === 'function';

const optionsOfSync = (target: SyncTarget): object | undefined =>
  isModel(target) ? undefined : (target.options['sync'] as object | undefined);

/** The schema that a clone made by `Model.schema('x')`, or `Model.sync({ schema: 'x' })`, puts its table into. */
function otherSchemaOf(model: ModelLike, options: SyncOptionsLike): string | undefined {
  const own = schemaOf(model);
  return own === undefined ? options.schema || undefined : otherSchema(own, registeredSchema(model));
}

const registeredSchema = (model: ModelLike): string | undefined => {
  const registered = model.sequelize?.models[model.name];
  return registered && schemaOf(registered);
};

// `getTableName()` hides a schema that is the empty string; so does this.
const schemaOf = (model: ModelLike): string | undefined =>
  (model as { _schema?: string | null })._schema || undefined;

const otherSchema = (schema: string | undefined, usual: unknown): string | undefined =>
  schema === usual ? undefined : schema;
