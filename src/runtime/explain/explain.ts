import { countChildren } from '../../catalog/children';
import { readCatalog } from '../../catalog/read';
import { databaseOf, withSession, type Session } from '../../db';
import { wireError, type WireError } from '../../errors';
import type { Expected } from '../../expected';
import { lookInto } from '../../execution/look';
import { readModels } from '../../model/read';
import { postgresInstance, type SequelizeInstance } from '../../model/sequelize-instance';
import type { SequelizeLike } from '../../model/sequelize-like';
import { parseOptions } from '../../parse-options';
import { sql } from '../../sql';
import { explainDdl } from './ddl';
import type { ForeignKeyExplanation } from './explanation';
import { inTurn } from './in-turn';
import { situationOf, type Situation } from './situation';
import { explainViolation, violatedLiveKey } from './violated-key';
import { worded, type Facts } from './wording';

/** Children in the way of one parent are counted up to this many; a person does not need more. */
const MOST_CHILDREN = 1_000;

/** An explanation waits for nobody: somebody is waiting for it. */
const settings = parseOptions({ statementTimeout: '2s' }, {});

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
  const expected = readModels(instance);
  return explainInTurn(instance, { wire, expected }).catch(() => explainAlone(wire, expected));
}

/** One look at the catalog serves every error that comes in meanwhile. */
const explainInTurn = inTurn<SequelizeLike, Question, ForeignKeyExplanation | undefined>((sequelize, next) =>
  withSession(databaseOf(sequelize), (session) =>
    lookInto(session, { settings, deadline: Infinity }, async (server) => {
      const catalog = await readCatalog(session, server);
      for (let asked = next(); asked; asked = next()) {
        const { wire, expected } = asked.question;
        const situation = situationOf(expected, catalog);
        const facts = explainViolation(wire, situation) ?? explainDdl(wire, situation);
        asked.answer(facts && finished({ ...facts, ...(await childrenOf(session, facts, wire, situation)) }));
      }
    }),
  ),
);

interface Question {
  readonly wire: WireError;
  readonly expected: Expected;
}

/** What the error and the models tell by themselves. */
function explainAlone(wire: WireError, expected: Expected): ForeignKeyExplanation | undefined {
  const server = { searchPath: [wire.schema ?? 'public'] };
  const facts = explainViolation(wire, situationOf(expected, { server, tables: [], foreignKeys: [] }));
  return facts && finished(facts);
}

/** By SQLSTATE (manual, appendix A); some mean many things and are told by the server's function. */
function mayBeAboutKeys({ code, where, routine }: WireError): boolean {
  if (code === '23502') return where !== undefined;
  if (code === '0A000') return routine === 'heap_truncate_check_FKs';
  if (code === '42804') return routine === 'ATAddForeignKeyConstraint';
  return ['23503', '23001', '42830', '2BP01'].includes(code ?? '');
}

/** How many rows are in the way. Whatever hinders the count, the rest of the explanation stands. */
async function childrenOf(
  session: Session,
  { problem, key }: Facts,
  wire: WireError,
  situation: Situation,
): Promise<Pick<Facts, 'children'>> {
  const live = problem === 'children-block' ? violatedLiveKey(wire, situation) : undefined;
  const parent = live && situation.table(live.parent);
  if (!live || !parent || !key) return {};
  await session.query(sql`savepoint fk_guard_children`);
  try {
    const rows = await countChildren(session, live, parent, key, MOST_CHILDREN + 1);
    return { children: { rows: Math.min(rows, MOST_CHILDREN), more: rows > MOST_CHILDREN } };
  } catch {
    await session.query(sql`rollback to savepoint fk_guard_children`);
    return {};
  }
}

function finished(facts: Facts): ForeignKeyExplanation {
  const {
    attribute: _attribute,
    numbers: _numbers,
    association: _association,
    needing: _needing,
    ...shown
  } = facts;
  return { ...shown, ...worded(facts) };
}
