import { ForeignKeyConstraintError, Sequelize, type Transaction } from 'sequelize';
import { run } from '../../examples/assistant-chat/main';
import { defineModels, TABLES } from '../../examples/assistant-chat/models';
import { assistantLogging } from '../../examples/assistant-chat/logging';
import { createDatabase, type TestDatabase } from '../postgres/database';

let database: TestDatabase;
let sequelize: Sequelize;
/** The first words of the statements that were sent. */
let sent: string[];
beforeEach(async () => {
  database = await createDatabase('story_003');
  await database.query(TABLES);
  sent = [];
  sequelize = new Sequelize(database.url, {
    logging: (text) => void sent.push(text.replace(/^Executing \([^)]*\): /, '').slice(0, 6)),
    pool: { max: 10 },
  });
  defineModels(sequelize);
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
const ada = () => database.query(`insert into "User" values ('ada', 'ada@x')`);
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
  await ada();
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
  await ada();
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

const count = async (table: string) => (await database.query(`select from "${table}"`)).length;
const BOB = { sessionId: 's1', userId: 'bob' };

test('200 calls of logMessage at once, for a session and a user that nobody has made', async () => {
  const { logMessage } = assistantLogging(sequelize);
  const contents = Array.from({ length: 200 }, (_, i) => `message ${i}`);
  const logged = await Promise.allSettled(contents.map((content) => logMessage({ ...BOB, content })));
  expect(logged.filter(({ status }) => status === 'rejected')).toEqual([]);
  const made = logged.flatMap((one) => (one.status === 'fulfilled' ? one.value.created : []));
  expect(made.sort()).toEqual(['AssistantChatSession', 'User']);
  expect(await database.query('select * from "User"')).toEqual([{ id: 'bob', email: 'bob@assistant.local' }]);
  expect(await database.query('select * from "AssistantChatSession"')).toEqual([{ id: 's1', userId: 'bob' }]);
  const written = await database.query('select content, "sessionId" from "AssistantChatMessage"');
  expect(written.map(({ content }) => content).sort()).toEqual([...contents].sort());
  expect(new Set(written.map(({ sessionId }) => sessionId))).toEqual(new Set(['s1']));
});

test('200 at once for 50 sessions of 20 users: each is made once', async () => {
  const { logMessage } = assistantLogging(sequelize);
  const logged = await Promise.allSettled(
    Array.from({ length: 200 }, (_, i) =>
      logMessage({ sessionId: `s${i % 50}`, userId: `u${(i % 50) % 20}`, content: `message ${i}` }),
    ),
  );
  expect(logged.filter(({ status }) => status === 'rejected')).toEqual([]);
  const made = logged.flatMap((one) => (one.status === 'fulfilled' ? one.value.created : []));
  expect(made).toHaveLength(70);
  expect([
    await count('User'),
    await count('AssistantChatSession'),
    await count('AssistantChatMessage'),
  ]).toEqual([20, 50, 200]);
});

test('on the wire: one look for each level that misses something, and none for parents that are remembered', async () => {
  const { logMessage } = assistantLogging(sequelize);
  const statements = async (message: { readonly sessionId: string; readonly userId: string }) => {
    await logMessage({ ...message, content: 'hello' });
    return sent.splice(0).filter((verb) => /^(select|insert)$/i.test(verb));
  };
  // The two levels that are missing, then the three rows.
  expect(await statements(BOB)).toEqual(['select', 'select', 'INSERT', 'INSERT', 'INSERT']);
  expect(await statements(BOB)).toEqual(['INSERT']);
  // Its user is remembered, so that only the session is looked for.
  expect(await statements({ ...BOB, sessionId: 's2' })).toEqual(['select', 'INSERT', 'INSERT']);
});

test('the example runs', async () => {
  const lines: string[] = [];
  await run(database.url, (line) => void lines.push(line));
  expect(lines).toEqual([
    'The old way: insert or update on table "AssistantChatMessage" violates foreign key constraint "AssistantChatMessage_sessionId_fkey"',
    'The new way: 200 messages, 0 errors, made: 1 User, 1 AssistantChatSession',
  ]);
});

test('the same 200 with the old logMessage: not one message is kept', async () => {
  await ada();
  const logged = await Promise.allSettled(
    Array.from({ length: 200 }, () =>
      sequelize.transaction(async (transaction) => {
        try {
          await createMessage(transaction);
        } catch {
          await model('AssistantChatSession').create({ id: 's1', userId: 'ada' }, { transaction });
          await createMessage(transaction);
        }
      }),
    ),
  );
  expect(logged.every(({ status }) => status === 'rejected')).toBe(true);
  expect(await messages()).toEqual([{ rows: 0 }]);
});
