import type { ReferentialAction } from '../../src/schema';
import type { AnyModel } from './application';

/** One association between the two models. */
export type Declare = (models: { readonly User: AnyModel; readonly Checkout: AnyModel }) => unknown;

export const belongsTo =
  (options: object = {}): Declare =>
  ({ User, Checkout }) =>
    Checkout.belongsTo(User, { foreignKey: 'userId', ...options });
export const hasMany =
  (options: object = {}): Declare =>
  ({ User, Checkout }) =>
    User.hasMany(Checkout, { foreignKey: 'userId', ...options });
export const hasOne =
  (options: object = {}): Declare =>
  ({ User, Checkout }) =>
    User.hasOne(Checkout, { foreignKey: 'userId', ...options });

/** What stands in the models, and what it means. */
export interface Row {
  readonly style: string;
  /** What the attribute says beside its type and `allowNull`. */
  readonly attribute?: object;
  readonly options?: object;
  readonly declare: readonly Declare[];
  /** For a nullable column, and for one that is NOT NULL or says nothing about it. */
  readonly resolved: readonly [ReferentialAction, ReferentialAction];
  /** The actions that are known to be written, when the guard was installed early and late. */
  readonly early: readonly ReferentialAction[];
  readonly late: readonly ReferentialAction[];
}
