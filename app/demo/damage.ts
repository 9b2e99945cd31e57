import type { Sql } from './sql';

/** One thing that went wrong with a database, and the statements that make it so. */
export interface Damage {
  readonly what: string;
  readonly statements: readonly string[];
}

/** `Checkouts` was created before anybody thought of keys. */
const lostCheckoutKeys: Damage = {
  what: 'Checkouts has no foreign keys: an early version of the app made the table.',
  statements: [
    `alter table "Checkouts" drop constraint "Checkouts_userId_fkey", drop constraint "Checkouts_bookId_fkey"`,
  ],
};

/** The outage's own cause. Needs `lostCheckoutKeys` first. */
const deletedParents: Damage = {
  what: 'Users and books were deleted, and their checkouts stayed behind.',
  statements: [`delete from "Users" where id % 40 = 4`, `delete from "Books" where id % 50 = 7`],
};

/** Takes the key of `Fines` along, and leaves fines of checkouts that are gone. */
const lostPrimaryKey: Damage = {
  what: 'Checkouts lost its primary key in a restore, and Fines its foreign key with it; then some checkouts were deleted.',
  statements: [
    `alter table "Checkouts" drop constraint "Checkouts_pkey" cascade`,
    `delete from "Checkouts" where id % 700 = 0`,
  ],
};

/** Nothing is orphaned, but no book with a review can be deleted any more. */
const forgottenCascade: Damage = {
  what: 'The key from Reviews to Books is there, but without ON DELETE CASCADE.',
  statements: [
    `alter table "Reviews" drop constraint "Reviews_bookId_fkey",
       add constraint "Reviews_bookId_fkey" foreign key ("bookId") references "Books" (id) on update cascade`,
  ],
};

/** Left over from an earlier model: of two keys PostgreSQL does not say whose ON DELETE acts. */
const duplicateKey: Damage = {
  what: 'The key from Reviews to Users is there twice, the second time without ON DELETE SET NULL.',
  statements: [
    `alter table "Reviews" add constraint "Reviews_userId_fkey1" foreign key ("userId") references "Users" (id) on update cascade`,
  ],
};

/** Everything at once, in an order that works. */
export const DAMAGES: readonly Damage[] = [
  lostCheckoutKeys,
  deletedParents,
  lostPrimaryKey,
  forgottenCascade,
  duplicateKey,
];

/** Damages a healthy BookNexus that has rows. */
export async function damageLibrary(sql: Sql, damages: readonly Damage[] = DAMAGES): Promise<void> {
  for (const { statements } of damages) for (const statement of statements) await sql.rows(statement);
}
