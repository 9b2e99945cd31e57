import { DataTypes, ForeignKeyConstraintError, Sequelize, type Transaction } from 'sequelize';
import { createDatabase, type TestDatabase } from '../postgres/database';

/**
 * The failing half of the story: the seed's own old code, and what it does on a real PostgreSQL. The other half is
 * the same calls with `createWithParents`.
 */
let database: TestDatabase;
let sequelize: Sequelize;
beforeEach(async () => {
  database = await createDatabase('story_003');
  await database.query(`
    create table "User" (id text primary key, email text unique);
    create table "AssistantChatSession" (
      id text primary key,
      "userId" text not null constraint "AssistantChatSession_userId_fkey" references "User" (id));
    create table "AssistantChatMessage" (
      id serial primary key, content text,
      "sessionId" text not null constraint "AssistantChatMessage_sessionId_fkey" references "AssistantChatSession" (id));
    insert into "User" values ('ada', 'ada@x')`);
  sequelize = new Sequelize(database.url, {
    logging: false,
    define: { timestamps: false, freezeTableName: true },
  });
  const key = { type: DataTypes.TEXT, primaryKey: true };
  sequelize.define('User', { id: key, email: DataTypes.TEXT });
  sequelize.define('AssistantChatSession', { id: key, userId: DataTypes.TEXT });
  sequelize.define('AssistantChatMessage', { content: DataTypes.TEXT, sessionId: DataTypes.TEXT });
});
afterEach(async () => {
  await sequelize.close();
  await database.drop();
});

const model = (name: string) => sequelize.model(name);
const createSession = (userId: string) => model('AssistantChatSession').create({ id: 's1', userId });
const createMessage = (transaction?: Transaction) =>
  model('AssistantChatMessage').create(
    { content: 'hello', sessionId: 's1' },
    { transaction: transaction ?? null },
  );
const failure = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
const messages = () => database.query('select count(*)::int as rows from "AssistantChatMessage"');

test('a message before its session: the constraint of the seed is violated', async () => {
  const error = await failure(createMessage());
  expect(error).toBeInstanceOf(ForeignKeyConstraintError);
  expect(error).toMatchObject({
    index: 'AssistantChatMessage_sessionId_fkey',
    parent: { code: '23503', detail: 'Key (sessionId)=(s1) is not present in table "AssistantChatSession".' },
  });
});

test('a session before its user: the same with the other constraint', async () => {
  expect(await failure(createSession('nobody'))).toMatchObject({
    index: 'AssistantChatSession_userId_fkey',
    parent: { code: '23503', detail: 'Key (userId)=(nobody) is not present in table "User".' },
  });
});

test('the old logMessage: what it creates in its catch block finds an aborted transaction', async () => {
  const second: unknown[] = [];
  const logged = failure(
    sequelize.transaction(async (transaction) => {
      try {
        await createMessage(transaction);
      } catch {
        second.push(
          await failure(model('AssistantChatSession').create({ id: 's1', userId: 'ada' }, { transaction })),
        );
        await createMessage(transaction);
      }
    }),
  );
  expect(await logged).toMatchObject({ parent: { code: '25P02' } });
  expect(second).toMatchObject([
    {
      message: 'current transaction is aborted, commands ignored until end of transaction block',
      parent: { code: '25P02' },
    },
  ]);
  expect(await messages()).toEqual([{ rows: 0 }]);
});

test('the old route: message and session are begun together, and the message may come first', async () => {
  // The session's transaction is open when the message is written, as it is when the two promises race.
  const session = await sequelize.transaction();
  await model('AssistantChatSession').create({ id: 's1', userId: 'ada' }, { transaction: session });
  const error = await failure(createMessage());
  await session.commit();
  expect(error).toMatchObject({ index: 'AssistantChatMessage_sessionId_fkey', parent: { code: '23503' } });
  expect(await messages()).toEqual([{ rows: 0 }]);
});

test('look first, then create: two requests at once both see no user, and one of them fails', async () => {
  const ensure = async (): Promise<unknown> => {
    const found = await model('User').findByPk('bob');
    await bothLooked();
    return found ?? model('User').create({ id: 'bob', email: 'bob@assistant.local' });
  };
  const bothLooked = meeting(2);
  const results = await Promise.allSettled([ensure(), ensure()]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { name: 'SequelizeUniqueConstraintError', parent: { code: '23505' } },
  });
});

/** Lets nobody on before all are there. */
function meeting(size: number): () => Promise<void> {
  let here = 0;
  let open = (): void => undefined;
  const all = new Promise<void>((resolve) => (open = resolve));
  return () => {
    if (++here === size) open();
    return all;
  };
}
