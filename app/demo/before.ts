import { ForeignKeyConstraintError } from 'sequelize';
import { connect } from '../database';
import { DAMAGES, damageLibrary } from './damage';
import { keysOf, orphansIn, TABLES } from './facts';
import { fillLibrary } from './rows';
import { withSql } from './sql';
import type { Story } from './story';

/** Chapter 1: what `sync()` made of the models, with rows in it. */
export async function healthyLibrary(story: Story, url: string): Promise<void> {
  story.chapter('A library');
  await withConnection(url, ({ sequelize }) => sequelize.sync());
  await withSql(url, async (sql) => {
    await fillLibrary(sql);
    const counts: string[] = [];
    for (const table of TABLES)
      counts.push(`${await sql.number(`select count(*) from "${table}"`)} ${table}`);
    story.say('BookNexus lends books. Its tables were made by a plain sequelize.sync():');
    story.say(`${counts.join(', ')}.`);
    const { total } = await orphansIn(sql);
    story.claim('every checkout has its user and its book, every fine its checkout', total === 0);
  });
}

/** Chapter 2: what the years did to it. */
export async function damagedLibrary(story: Story, url: string): Promise<void> {
  story.chapter('The damage');
  for (const { what } of DAMAGES) story.say(`- ${what}`);
  await withSql(url, async (sql) => {
    await damageLibrary(sql);
    const { ofUsers, ofBooks, ofCheckouts } = await orphansIn(sql);
    story.claim(`${ofUsers} checkouts belong to users who are gone`, ofUsers > 0);
    story.claim(`${ofBooks} checkouts are of books that are gone`, ofBooks > 0);
    story.claim(`${ofCheckouts} fines are for checkouts that are gone`, ofCheckouts > 0);
  });
}

/** Chapter 3: the deployment that went down, on a copy of the database. */
export async function outage(story: Story, url: string): Promise<void> {
  story.chapter('The outage: sync({ alter: true }) without the guard, on a copy');
  const error = await withConnection(url, ({ sequelize }) =>
    sequelize.sync({ alter: true }).then(
      () => undefined,
      (reason: unknown) => reason,
    ),
  );
  const { name, message, detail } = wordsOf(error);
  story.quote([`${name}: ${message}`, detail].join('\n'));
  story.claim(
    'the start ends with SequelizeForeignKeyConstraintError',
    name === 'SequelizeForeignKeyConstraintError',
  );
  story.claim(
    'it names one missing user of many',
    /^Key \(userId\)=\(\d+\) is not present in table "Users"\.$/.test(detail),
  );
  const keys = await withSql(url, keysOf);
  story.claim('and "Checkouts" still has no key at all', !keys.some((key) => key.on === 'Checkouts'));
}

function wordsOf(error: unknown): {
  readonly name: string;
  readonly message: string;
  readonly detail: string;
} {
  if (!(error instanceof ForeignKeyConstraintError))
    return { name: 'no such error', message: String(error), detail: '' };
  const { parent } = error;
  return {
    name: error.name,
    message: error.message,
    detail: 'detail' in parent ? String(parent.detail) : '',
  };
}

type Connection = ReturnType<typeof connect>;

async function withConnection<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = connect(url);
  try {
    return await work(connection);
  } finally {
    await connection.sequelize.close();
  }
}
