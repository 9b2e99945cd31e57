import type { Model, ModelStatic, Sequelize } from 'sequelize';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { connect, define } from './recorded-guard';

/** A database without tables, and the models `Author` and `Book` of it, whose `authorId` belongs to an author. */
export interface Library {
  readonly database: TestDatabase;
  readonly sequelize: Sequelize;
  readonly Author: ModelStatic<Model>;
  readonly Book: ModelStatic<Model>;
  /** What `Book.authorId` references now. */
  references(): unknown;
}

/** Opens a fresh library for each test of a file. */
export function eachWithLibrary(label: string): Library {
  const library = {} as { -readonly [K in keyof Library]: Library[K] };
  beforeEach(async () => {
    library.database = await createDatabase(label);
    library.sequelize = connect(library.database);
    library.Author = define(library.sequelize, 'Author', {});
    library.Book = define(library.sequelize, 'Book', {});
    library.Book.belongsTo(library.Author, { foreignKey: 'authorId' });
    library.references = () => library.Book.getAttributes()['authorId']?.references;
  });
  afterEach(async () => {
    await library.sequelize.close();
    await library.database.drop();
  });
  return library;
}

/** The key that Sequelize itself makes for `Book.authorId`. */
export const SEQUELIZE_KEY =
  '"Books": FOREIGN KEY ("authorId") REFERENCES "Authors"(id) ON UPDATE CASCADE ON DELETE SET NULL';

/** A promise, and how to resolve it. */
export function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}

export function throwIt(error: Error): never {
  throw error;
}
