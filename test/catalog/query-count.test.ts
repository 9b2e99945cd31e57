import { createDatabase } from '../postgres/database';
import { lookAt } from './reading';

it('reads 300 tables with as many questions as one table', async () => {
  const database = await createDatabase('catalog_many');
  try {
    await database.query('create table t1 (id int primary key, parent int references t1)');
    const one = await lookAt(database.url);
    await database.query(`do $$ begin
      for i in 2..300 loop
        execute format('create table t%s (id int primary key, parent int references t%s)', i, i - 1);
      end loop;
    end $$`);
    const many = await lookAt(database.url);
    expect([one.tables.length, one.foreignKeys.length]).toEqual([1, 1]);
    expect([many.tables.length, many.foreignKeys.length]).toEqual([300, 300]);
    expect(many.queries).toBe(one.queries);
    expect(many.queries).toBe(3);
  } finally {
    await database.drop();
  }
});
