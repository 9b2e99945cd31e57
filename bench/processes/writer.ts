import { Client } from 'pg';
import { answering } from './answering';

/** Four clients of BookNexus that write all the time; tells how long the longest of their statements has waited. */
const CLIENTS = 4;
const [url = '', users = '1', books = '1'] = process.argv.slice(2);

/** Parents that the damage has left alone. */
const alive = (last: number, period: number, gone: number): number => {
  const id = 1 + Math.floor(Math.random() * last);
  return id % period === gone ? (id > 1 ? id - 1 : id + 1) : id;
};

const statements = (): readonly string[] => {
  const user = alive(Number(users), 40, 4);
  return [
    `insert into "Checkouts" ("userId", "bookId", "dueAt", "createdAt", "updatedAt")
       values (${user}, ${alive(Number(books), 50, 7)}, now(), now(), now())`,
    `update "Users" set "updatedAt" = now() where id = ${user}`,
    `update "Books" set "updatedAt" = now() where id = ${alive(Number(books), 50, 7)}`,
  ];
};

let stopping = false;
let longest = 0;

async function write(): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  while (!stopping)
    for (const statement of statements()) {
      const begun = performance.now();
      await client.query(statement);
      longest = Math.max(longest, performance.now() - begun);
    }
  await client.end();
}

const writers = Array.from({ length: CLIENTS }, write);
answering(async () => {
  stopping = true;
  await Promise.all(writers);
  return longest;
});
