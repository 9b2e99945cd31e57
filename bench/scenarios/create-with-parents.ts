import type { Sequelize } from 'sequelize';
import { createWithParents, knownParents } from 'sequelize-fk-guard';
import { defineModels, TABLES } from '../../examples/assistant-chat/models';
import type { Scenario } from '../core/bench';
import { atMost, type Row } from '../core/figures';
import { compare, timed } from '../core/measure';
import { connectQuietly } from '../core/models';

/** What it costs to make a message with its session and its user. A figure is the time of one call. */
export const withParents: Scenario = {
  name: 'create-with-parents',
  rows: (bench) =>
    bench.fill(
      [
        TABLES,
        `insert into "User" values ('u', 'u@x'); insert into "AssistantChatSession" values ('s', 'u')`,
      ],
      async ({ url }) => {
        const sequelize = await connectQuietly(url, 1);
        try {
          return await rowsOf(sequelize, 5 * bench.size.rounds, bench.size.calls);
        } finally {
          await sequelize.close();
        }
      },
    ),
};

type Make = (sessionId: string, userId: string) => Promise<unknown>;

async function rowsOf(sequelize: Sequelize, rounds: number, calls: number): Promise<readonly Row[]> {
  const { alone, chain, own, known } = makersOf(sequelize);
  let n = 0;
  const each = (name: string, make: Make, next: () => [string, string]) => ({
    name,
    run: async () =>
      (await timed(async () => {
        for (let call = 0; call < calls; call++) await make(...next());
      })) / calls,
  });
  const there = (): [string, string] => ['s', 'u'];
  const missing = (): [string, string] => [`s${++n}`, `u${n}`];
  const [with1, alone1, known1, chain1] = await compare(
    [
      each('createWithParents', own, there),
      each('Model.create alone', alone, there),
      each('createWithParents, known', known, there),
      each('findOrCreate twice, create', chain, there),
    ] as const,
    rounds,
    3,
  );
  const absent = await compare(
    [each('createWithParents', own, missing), each('findOrCreate twice, create', chain, missing)] as const,
    rounds,
    3,
  );
  const row = { scenario: 'create-with-parents', unit: 'ms' } as const;
  return [
    {
      ...row,
      title: 'createWithParents, parents exist',
      figures: [with1, alone1, known1],
      asked: atMost(1.5),
    },
    { ...row, title: 'createWithParents, parents exist, beside a chain', figures: [with1, chain1] },
    { ...row, title: 'createWithParents, session and user are missing', figures: absent },
  ];
}

function makersOf(sequelize: Sequelize): Readonly<Record<'alone' | 'chain' | 'own' | 'known', Make>> {
  const { User, Session, Message } = defineModels(sequelize);
  const content = 'hello';
  const making =
    (options: object): Make =>
    (sessionId, userId) =>
      createWithParents(
        Message,
        { content, sessionId },
        { ...options, ensure: { session: () => ({ userId }), user: (id: string) => ({ email: `${id}@x` }) } },
      );
  return {
    alone: (sessionId) => Message.create({ content, sessionId }),
    chain: (sessionId, userId) =>
      sequelize.transaction(async (transaction) => {
        await User.findOrCreate({ where: { id: userId }, defaults: { email: `${userId}@x` }, transaction });
        await Session.findOrCreate({ where: { id: sessionId }, defaults: { userId }, transaction });
        await Message.create({ content, sessionId }, { transaction });
      }),
    own: making({}),
    known: making({ known: knownParents() }),
  };
}
