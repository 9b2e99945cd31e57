import { literal, sql, type Sql } from '../sql';

/** An error that ends the script; psql stops at it, and what is open is rolled back. */
export const raise = (message: string): Sql =>
  sql`raise exception using message = ${literal(message)}, hint = ${literal('What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.')};`;

/** The error where something is so. */
export const raiseIf = (condition: Sql, message: string): Sql =>
  sql`if ${condition} then ${raise(message)} end if;`;
