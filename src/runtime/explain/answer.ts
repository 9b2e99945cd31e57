import { countChildren } from '../../catalog/children';
import { readCatalog } from '../../catalog/read';
import { databaseOf, withSession, type Session } from '../../db';
import type { WireError } from '../../errors';
import type { Expected } from '../../expected';
import { lookInto } from '../../execution/look';
import { readModels } from '../../model/read';
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

/** What the server has said, beside the models and the catalog; where the catalog cannot be read, without it. */
export function explain(
  wire: WireError,
  sequelize: SequelizeLike,
): Promise<ForeignKeyExplanation | undefined> {
  const expected = readModels(sequelize);
  return explainInTurn(sequelize, { wire, expected }).catch(() => explainAlone(wire, expected));
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
