import { createDatabase } from '../postgres/database';
import { cascade, guardAt } from './setup';

/** What a list and a validation are given, and what comes between them; as the database says that it is set. */
async function memoryUnder(settings: string): Promise<unknown[]> {
  const database = await createDatabase('little_memory');
  try {
    await database.query(`
      do $$ begin ${settings
        .split(';')
        .map((one) => `execute format('alter database %I set ${one}', current_database());`)
        .join(' ')} end $$;
      create table parent (id integer primary key);
      create table child (id integer primary key, parent_id integer);
      insert into parent select i from generate_series(1, 100) i;
      insert into child select i, i from generate_series(1, 101) i;
      create table seen (number serial, command text, list text, validation text);
      create function look() returns event_trigger language plpgsql as $$
      begin
        insert into public.seen (command, list, validation)
        values (tg_tag, current_setting('work_mem'), current_setting('maintenance_work_mem'));
      end $$;
      create event trigger look on ddl_command_start when tag in ('CREATE TABLE AS', 'ALTER TABLE', 'DROP TABLE') execute function look()`);
    const { status } = await guardAt(database.url, [
      cascade('public.child(parent_id)', 'public.parent(id)'),
    ]).apply();
    expect(status).toBe('repaired');
    const seen = await database.query(
      `select concat_ws(' ', command, list, validation) as settings from seen
        where number >= (select min(number) from seen where command = 'CREATE TABLE AS') order by number`,
    );
    return seen.map(({ settings: seenThen }) => seenThen);
  } finally {
    await database.drop();
  }
}

test('the list and the validation get little memory, and what comes after them gets what the server says', async () => {
  expect(await memoryUnder('work_mem = 8192')).toEqual([
    'CREATE TABLE AS 1MB 64MB',
    'DROP TABLE 8MB 64MB',
    'ALTER TABLE 8MB 1MB',
  ]);
});

test('less memory than that is not made more', async () => {
  expect(await memoryUnder('work_mem = 512')).toEqual([
    'CREATE TABLE AS 512kB 64MB',
    'DROP TABLE 512kB 64MB',
    'ALTER TABLE 512kB 1MB',
  ]);
});

test('where temporary files are limited the server keeps its memory', async () => {
  expect(await memoryUnder('temp_file_limit = 1000000')).toEqual([
    'CREATE TABLE AS 4MB 64MB',
    'DROP TABLE 4MB 64MB',
    'ALTER TABLE 4MB 64MB',
  ]);
});
