import { Client } from 'pg';
import { Sequelize } from 'sequelize';
import { installFkGuard } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';

let database: TestDatabase;
beforeEach(async () => (database = await createDatabase('healthy')));
afterEach(() => database.drop());

/** A chain of models, each below the one before it. */
function defineChain(sequelize: Sequelize, length: number): void {
  let parent = sequelize.define('Link0', {});
  for (let i = 1; i < length; i++) {
    const child = sequelize.define(`Link${i}`, {});
    child.belongsTo(parent, { foreignKey: 'parentId', onDelete: 'CASCADE' });
    parent = child;
  }
}

const silent = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() };

/** What a guard asks a database, besides transaction control and settings. */
async function questionsOfRun(length: number): Promise<readonly string[]> {
  const sequelize = new Sequelize(database.url, { logging: false });
  const guard = installFkGuard(sequelize, { logger: silent });
  defineChain(sequelize, length);
  await sequelize.sync();
  const asked: string[] = [];
  const query = jest.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...args) {
    const [first] = args as unknown as [string | { readonly text: string }];
    asked.push(typeof first === 'string' ? first : first.text);
    return original.apply(this, args) as never;
  });
  await guard.run();
  query.mockRestore();
  await sequelize.close();
  return asked.filter(
    (text) => !/^\s*(begin|commit|set\b|select case when pg_catalog\.current_setting)/i.test(text),
  );
}

const original = Client.prototype.query as unknown as (...args: unknown[]) => unknown;

it.each([2, 60])('asks a healthy database of %i models three questions', async (length) => {
  expect(await questionsOfRun(length)).toEqual([
    expect.stringContaining('server_version_num'),
    expect.stringContaining('pg_catalog.pg_attribute'),
    expect.stringContaining('pg_catalog.pg_operator'),
  ]);
});
