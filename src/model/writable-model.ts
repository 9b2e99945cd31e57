import { FkGuardError } from '../errors';
import type { AttributeLike, ModelLike, QueryInterfaceLike, SequelizeLike } from './sequelize-like';

export type Values = Readonly<Record<string, unknown>>;

/** What of a Sequelize 6 model it takes to look up and to write rows, by shape and not by class. */
export interface WritableModel extends ModelLike {
  readonly sequelize: WritableSequelize;
  build(values: Values, options?: Values): InstanceLike;
  create(values: Values, options: Values): Promise<object>;
  bulkCreate(rows: readonly Values[], options: Values): Promise<readonly InstanceLike[]>;
}

export interface InstanceLike {
  /** The attributes as they are stored, past all getters. */
  readonly dataValues: Values;
  /** False as soon as the row is in the database, before the hooks that come after. */
  readonly isNewRecord: boolean;
  save(options: Values): Promise<unknown>;
  validate(options: Values): Promise<unknown>;
}

/** An instance as far as statements and transactions go. */
export interface WritableSequelize extends SequelizeLike {
  query(text: string, options: Values): Promise<readonly Values[]>;
  getQueryInterface(): QueryInterfaceLike & { readonly queryGenerator: WritableGenerator };
  transaction<T>(options: Values, work: (transaction: TransactionLike) => Promise<T>): Promise<T>;
}

type WritableGenerator = QueryInterfaceLike['queryGenerator'] & {
  /** A value as a constant of its attribute's type. */
  escape(value: unknown, attribute: AttributeLike | undefined): string;
};

export interface TransactionLike {
  /** The transaction that this one is a savepoint of. */
  readonly parent?: TransactionLike | undefined;
  afterCommit(work: () => void): unknown;
}

/** Sequelize keeps the namespace of `Sequelize.useCLS()` on the class. */
interface WithCls {
  readonly _cls?: { get(name: 'transaction'): TransactionLike | undefined };
}

/** The transaction that Sequelize's own methods would use: the given one, or CLS's when none is named. */
export function transactionOf(
  sequelize: WritableSequelize,
  given: object | null | undefined,
): TransactionLike | undefined {
  if (given === null) return undefined;
  if (given !== undefined) return given as TransactionLike;
  return (sequelize.constructor as WithCls)._cls?.get('transaction');
}

/** The hooks that one row may meet on its way; `Model.hasHook` knows of the model's own only. */
const ROW_HOOKS = [
  'beforeValidate',
  'afterValidate',
  'validationFailed',
  'beforeCreate',
  'afterCreate',
  'beforeSave',
  'afterSave',
];

/** True when `create` would run a hook of the model or of the instance. */
export const hasRowHooks = ({ options, sequelize }: WritableModel): boolean =>
  [options, sequelize.options].some(({ hooks }) =>
    ROW_HOOKS.some(
      (name) => ((hooks as Record<string, readonly unknown[]> | undefined)?.[name] ?? []).length > 0,
    ),
  );

/** A model class of the application as the same. Throws `OPTIONS` for anything else, and for another dialect. */
export function writableModel(model: object): WritableModel {
  const { build, sequelize, associations } = model as Partial<WritableModel>;
  if (typeof build !== 'function' || !sequelize || !associations)
    throw new FkGuardError(
      'OPTIONS',
      'This is no model of a Sequelize 6 instance.',
      'Pass what `sequelize.define()` returns, or a class after its `init()`.',
    );
  if (sequelize.dialect.name !== 'postgres')
    throw new FkGuardError(
      'UNSUPPORTED_DIALECT',
      `The model uses the dialect "${sequelize.dialect.name}"; only "postgres" is supported.`,
      'Use a model of an instance that is connected to PostgreSQL.',
    );
  return model as WritableModel;
}
