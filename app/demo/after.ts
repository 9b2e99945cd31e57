import { openLibrary } from '../database';
import { keysOf, orphansIn } from './facts';
import { claimPromises } from './promises';
import { quarantined } from './quarantined';
import { type Sql, withSql } from './sql';
import type { Story } from './story';

const CHECKOUTS_OF_1 = 'SELECT count(*) FROM "Checkouts" WHERE "userId" = 1';

/** Chapter 8: the test of the people who had the outage, word for word. */
export async function deletedUser(story: Story, url: string): Promise<void> {
  story.chapter('Delete a user');
  await withSql(url, async (sql) => {
    const checkouts = await sql.number(CHECKOUTS_OF_1);
    const fines = await finesOf1(sql);
    const reviews = await sql.number('select count(*) from "Reviews" where "userId" = 1');
    const nameless = await sql.number('select count(*) from "Reviews" where "userId" is null');
    story.say(`User 1 has ${checkouts} checkouts, ${fines} fines on them and ${reviews} reviews.`);
    story.claim('there is something to lose', checkouts > 0 && fines > 0 && reviews > 0);

    const before = await sql.number('select count(*) from "Fines"');
    const statement = 'DELETE FROM "Users" WHERE id = 1';
    story.quote(statement);
    await sql.rows(statement);

    story.claim('the checkouts of user 1 are gone with them', (await sql.number(CHECKOUTS_OF_1)) === 0);
    story.claim(
      `so are the ${fines} fines`,
      (await sql.number('select count(*) from "Fines"')) === before - fines,
    );
    story.claim(
      `the ${reviews} reviews stay, without a name`,
      (await sql.number('select count(*) from "Reviews" where "userId" is null')) === nameless + reviews,
    );
    story.claim('and nothing is orphaned', (await orphansIn(sql)).total === 0);
  });
}

const finesOf1 = (sql: Sql): Promise<number> =>
  sql.number('select count(*) from "Fines" join "Checkouts" c on c.id = "checkoutId" where c."userId" = 1');

/** Chapter 9: what the repair took out of the tables is still there. */
export async function keptRows(story: Story, url: string, removed: number): Promise<void> {
  story.chapter('The quarantine');
  const kept = await withSql(url, quarantined);
  for (const { table, rows } of kept) story.quote(`${rows} rows of ${table}`);
  const total = kept.reduce((sum, { rows }) => sum + rows, 0);
  story.claim(
    `all ${removed} rows that left the tables are kept, the fines below the checkouts too`,
    total === removed,
  );
}

/** Chapter 10: the deployment of chapter 3 once more, with one line more. */
export async function sameSync(story: Story, url: string): Promise<void> {
  story.chapter('The same sync({ alter: true }) on the same copy, after installFkGuard(sequelize)');
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const { sequelize } = openLibrary(url, {
    debug: () => undefined,
    info: () => undefined,
    warn,
    error: warn,
  });
  try {
    const error: unknown = await sequelize.sync({ alter: true }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    story.claim(
      error === undefined ? 'the start succeeds' : `the start fails: ${String(error)}`,
      error === undefined,
    );
  } finally {
    await sequelize.close();
  }
  for (const warning of warnings) story.quote(warning);
  await withSql(url, async (sql) => {
    story.claim('no row points at nothing any more', (await orphansIn(sql)).total === 0);
    claimPromises(story, await keysOf(sql));
  });
}
