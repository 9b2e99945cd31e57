import { wireError, type WireError } from '../../errors';
import { postgresInstance, type SequelizeInstance } from '../../model/sequelize-instance';
import type { ForeignKeyExplanation } from './explanation';

/**
 * Explains an error of Sequelize or pg that is about a foreign key, in the application's own terms; `undefined` for
 * every other error. It reads the server's fields (SQLSTATE, table, constraint, …) and the catalog, never English text,
 * through one connection of its own beside the pool, so it works while the failed transaction is still open.
 *
 * It never throws over the database: where the catalog cannot be read, it says what the error alone tells. Throws
 * `UNSUPPORTED_DIALECT` or `OPTIONS` for a wrong second argument.
 */
export async function explainForeignKeyError(
  error: unknown,
  sequelize: SequelizeInstance,
): Promise<ForeignKeyExplanation | undefined> {
  const instance = postgresInstance(sequelize);
  const wire = wireError(error);
  if (!mayBeAboutKeys(wire)) return undefined;
  const { explain } = await import('./answer');
  return explain(wire, instance);
}

/** By SQLSTATE (manual, appendix A); some mean many things and are told by the server's function. */
function mayBeAboutKeys({ code, where, routine }: WireError): boolean {
  if (code === '23502') return where !== undefined;
  if (code === '0A000') return routine === 'heap_truncate_check_FKs';
  if (code === '42804') return routine === 'ATAddForeignKeyConstraint';
  return ['23503', '23001', '42830', '2BP01'].includes(code ?? '');
}
