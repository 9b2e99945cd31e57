import { Sequelize } from 'sequelize';
import { createWithParents, knownParents } from 'sequelize-fk-guard';
import { defineModels, TABLES } from '../examples/assistant-chat/models';
import { createDatabase } from '../test/postgres/database';
import { startEmbedded } from '../test/postgres/embedded';

/**
 * What it costs to make a message with its session and its user: `Model.create` alone, a chain of `findOrCreate`, and
 * `createWithParents`. The contenders take turns in every round, so that whatever else the machine does meets all of
 * them; what is printed are medians of the rounds, and ratios within the same run.
 */
const ROUNDS = 30;
const CALLS = 40;

type Contender = (sessionId: string, userId: string) => Promise<unknown>;

async function main(): Promise<void> {
  const server = process.env['FK_GUARD_BENCH_SERVER'];
  const embedded = server === undefined ? await startEmbedded() : undefined;
  const database = await createDatabase('bench', server ?? embedded?.url);
  await database.query(TABLES);
  const sequelize = new Sequelize(database.url, { logging: false, pool: { max: 1 } });
  try {
    const contenders = contendersOf(sequelize);
    await database.query(
      `insert into "User" values ('u', 'u@x'); insert into "AssistantChatSession" values ('s', 'u')`,
    );
    await compare('parents exist', contenders, () => ['s', 'u']);
    let n = 0;
    // `create` alone would fail: what it is compared with here is the chain.
    await compare('session and user are missing', contenders.slice(1, 3), () => [`s${++n}`, `u${n}`]);
    await compare('session is missing', contenders.slice(1, 3), () => [`s${++n}`, 'u']);
  } finally {
    await sequelize.close();
    await database.drop({ force: true });
    await embedded?.stop();
  }
}

function contendersOf(sequelize: Sequelize): readonly (readonly [string, Contender])[] {
  const { User, Session, Message } = defineModels(sequelize);
  const known = knownParents();
  const content = 'hello';
  const withParents =
    (options: object): Contender =>
    (sessionId, userId) =>
      createWithParents(
        Message,
        { content, sessionId },
        { ...options, ensure: { session: () => ({ userId }), user: (id: string) => ({ email: `${id}@x` }) } },
      );
  return [
    ['Model.create alone', (sessionId) => Message.create({ content, sessionId })],
    [
      'findOrCreate, findOrCreate, create in one transaction',
      (sessionId, userId) =>
        sequelize.transaction(async (transaction) => {
          await User.findOrCreate({ where: { id: userId }, defaults: { email: `${userId}@x` }, transaction });
          await Session.findOrCreate({ where: { id: sessionId }, defaults: { userId }, transaction });
          await Message.create({ content, sessionId }, { transaction });
        }),
    ],
    ['createWithParents', withParents({})],
    ['createWithParents, known', withParents({ known })],
  ];
}

/** Prints each contender's median with its ratio to the first. */
async function compare(
  title: string,
  contenders: readonly (readonly [string, Contender])[],
  next: () => [string, string],
): Promise<void> {
  const times = contenders.map((): number[] => []);
  for (let round = -3; round < ROUNDS; round++)
    for (const [i, [, contender]] of contenders.entries()) {
      const begun = performance.now();
      for (let call = 0; call < CALLS; call++) await contender(...next());
      // The first rounds warm up.
      if (round >= 0) times[i]?.push((performance.now() - begun) / CALLS);
    }
  console.log(`\n${title}`);
  const medians = times.map(medianOf);
  for (const [i, [name]] of contenders.entries()) {
    const median = medians[i] ?? NaN;
    const spread = (times[i] ?? []).toSorted((a, b) => a - b);
    console.log(
      `  ${name.padEnd(56)} ${median.toFixed(3)} ms  ${(median / (medians[0] ?? NaN)).toFixed(2)} ×  (${spread[0]?.toFixed(3)} … ${spread.at(-1)?.toFixed(3)})`,
    );
  }
}

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

void main();
