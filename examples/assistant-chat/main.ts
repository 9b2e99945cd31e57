import { Sequelize, type Transaction } from 'sequelize';
import { assistantLogging } from './logging';
import { defineModels, TABLES } from './models';

/** Shows the old way fail and 200 messages at once arrive, in an empty database. */
export async function run(url: string, print: (line: string) => void): Promise<void> {
  const sequelize = new Sequelize(url, { logging: false, pool: { max: 10 } });
  try {
    defineModels(sequelize);
    if (!(await sequelize.getQueryInterface().tableExists('User'))) await sequelize.query(TABLES);
    await oldWay(sequelize).catch((error: unknown) => print(`The old way: ${(error as Error).message}`));
    const { logMessage } = assistantLogging(sequelize);
    const logged = await Promise.allSettled(
      Array.from({ length: 200 }, (_, i) =>
        logMessage({ sessionId: 'session-1', userId: 'ada', content: `message ${i}` }),
      ),
    );
    const errors = logged.filter(({ status }) => status === 'rejected').length;
    const made = logged.flatMap((one) => (one.status === 'fulfilled' ? one.value.created : []));
    const count = (name: string): string => `${made.filter((model) => model === name).length} ${name}`;
    const messages = await sequelize.model('AssistantChatMessage').count();
    print(
      `The new way: ${messages} messages, ${errors} errors, made: ${count('User')}, ${count('AssistantChatSession')}`,
    );
  } finally {
    await sequelize.close();
  }
}

/** The message first, and its session once it is missed: but then the transaction is lost already. */
async function oldWay(sequelize: Sequelize): Promise<void> {
  const message = { sessionId: 'session-1', content: 'hello' };
  const create = (transaction: Transaction) =>
    sequelize.model('AssistantChatMessage').create(message, { transaction });
  await sequelize.transaction(async (transaction) => {
    const failure = await create(transaction).catch((error: unknown) => error);
    await sequelize
      .model('AssistantChatSession')
      .create({ id: 'session-1', userId: 'ada' }, { transaction })
      .catch(() => Promise.reject(failure));
  });
}

if (require.main === module) {
  const url = process.env['DATABASE_URL'] ?? 'postgres://localhost/assistant_chat';
  void run(url, console.log);
}
