import type { Sequelize } from 'sequelize';
import { createWithParents, knownParents } from 'sequelize-fk-guard';

export interface Message {
  readonly sessionId: string;
  readonly userId: string;
  readonly content: string;
}

/** The service: a message may be the first that anybody hears of its session, and of its user. */
export function assistantLogging(sequelize: Sequelize) {
  const AssistantChatMessage = sequelize.model('AssistantChatMessage');
  // One for each database: what has been seen there is not looked for again.
  const known = knownParents();
  return {
    /** Writes one message, with what it misses. Says which rows that were. */
    async logMessage({
      sessionId,
      userId,
      content,
    }: Message): Promise<{ readonly created: readonly string[] }> {
      const { created } = await createWithParents(
        AssistantChatMessage,
        { sessionId, content },
        {
          known,
          ensure: {
            session: () => ({ userId }),
            user: (id: string) => ({ email: `${id}@assistant.local` }),
          },
        },
      );
      return { created: created.map(({ model }) => model) };
    },
  };
}
