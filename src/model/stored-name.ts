import type { ModelLike, SequelizeLike } from './sequelize-like';

/** A name as it ends up in the database: Sequelize drops quotes, and `quoteIdentifiers: false` folds to lower case. */
export function storedName({ sequelize }: ModelLike, name: string): string {
  if (!sequelize) return name;
  const { names } = knownNames(sequelize);
  const known = names.get(name);
  if (known !== undefined) return known;
  const quoted = sequelize.getQueryInterface().queryGenerator.quoteIdentifier(name);
  const stored = quoted.startsWith('"') ? quoted.slice(1, -1) : quoted.toLowerCase();
  names.set(name, stored);
  return stored;
}

interface KnownNames {
  /** The option that the names depend on. */
  readonly quoting: unknown;
  readonly names: Map<string, string>;
}

// Every model has an `id` and a `createdAt`, and each name is asked for again and again: Sequelize makes a regular
// expression for each answer.
const KNOWN = new WeakMap<SequelizeLike, KnownNames>();

function knownNames(sequelize: SequelizeLike): KnownNames {
  const { quoteIdentifiers: quoting } = sequelize.options;
  const known = KNOWN.get(sequelize);
  if (known && known.quoting === quoting) return known;
  const fresh: KnownNames = { quoting, names: new Map() };
  KNOWN.set(sequelize, fresh);
  return fresh;
}
