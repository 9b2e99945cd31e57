import { Client } from 'pg';
import { createDatabase } from '../postgres/database';
import { LANGUAGE, startGermanServer } from './german-server';

let stop: () => Promise<void>;
beforeAll(async () => void (stop = await startGermanServer()));
afterAll(() => stop());

test('the server speaks German: there is no English word to go by', async () => {
  const database = await createDatabase('german');
  await database.query(`create table p (id int primary key); create table c (p int references p);
    insert into p values (1); insert into c values (1)`);
  expect(await database.query('show lc_messages')).toEqual([{ lc_messages: LANGUAGE }]);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const said = [];
  for (const statement of [
    'insert into c values (2)',
    'delete from p',
    'drop table p',
    'create table d (p int references c (p))',
  ]) {
    const error: unknown = await client.query(statement).catch((caught: unknown) => caught);
    const { message, detail } = error as { message: string; detail?: string };
    said.push(`${message} ${detail ?? ''}`.trim());
  }
  await client.end();
  await database.drop();
  expect(said).toEqual([
    'Einfügen oder Aktualisieren in Tabelle »c« verletzt Fremdschlüssel-Constraint »c_p_fkey« Schlüssel (p)=(2) ist nicht in Tabelle »p« vorhanden.',
    'Aktualisieren oder Löschen in Tabelle »p« verletzt Fremdschlüssel-Constraint »c_p_fkey« von Tabelle »c« Auf Schlüssel (id)=(1) wird noch aus Tabelle »c« verwiesen.',
    'kann Tabelle p nicht löschen, weil andere Objekte davon abhängen Constraint c_p_fkey für Tabelle c hängt von Tabelle p ab',
    'in Tabelle »c«, auf die verwiesen wird, gibt es keinen Unique-Constraint, der auf die angegebenen Schlüssel passt',
  ]);
});

// Every error situation of the runtime's tests once more: what is told must not differ by a letter.
describe.each(['rows', 'ddl', 'circumstances'])('test/runtime/explain/%s', (name) => {
  jest.requireActual(`../runtime/explain/${name}.test`);
});
